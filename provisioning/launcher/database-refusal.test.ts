import { expect, test } from 'vitest'
import { databaseRefusal } from './database-refusal.ts'
import { Refusal, refusalSentence } from './refusal.ts'

const sentence = (error: unknown) => refusalSentence(databaseRefusal(error, '/s/database'))
const failure = (code: string) => Object.assign(new Error(`${code}: rename`), { code })

test('damaged data is called so, with what can be done and what MariaDB said', () => {
  const said = sentence(new Refusal('It said last: [ERROR] InnoDB: ibdata1 is corrupted'))
  expect(said).toMatch(/data in \/s\/database is damaged/)
  expect(said).toMatch(/Restore this folder .* or move it away to begin anew/)
  expect(said).toMatch(/ibdata1 is corrupted/)
})

test('something else where the data should be is damage too', () => {
  for (const code of ['ENOTEMPTY', 'EEXIST', 'ENOTDIR']) expect(sentence(failure(code))).toMatch(/is damaged/)
})

test('whole data is not slandered when the disk is full or the folder closed', () => {
  for (const words of ['No space left on device', 'Permission denied', 'Cannot allocate memory'])
    expect(sentence(new Refusal(`It said last: ${words}`))).toBe(`It said last: ${words}`)
  expect(sentence(failure('ENOSPC'))).toMatch(/disk is full/)
  expect(sentence(new Error('mariadbd is missing'))).not.toMatch(/damaged/)
})
