import { expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { streamCatalog } from './stream-catalog.ts'
import { streamRepository } from './stream-repository.ts'

const catalog = streamCatalog({ streams: streamRepository(await freshDatabase()) })

test('a name is given once, also to two who ask at once', async () => {
  const added = await Promise.allSettled([1, 2, 3].map(() => catalog.addStream({ name: 'twice' })))
  expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
  await expect(catalog.addStream({ name: 'twice' })).rejects.toMatchObject({ code: 'name-taken' })
})

test.each(['', '-a', 'a b', 'a/b', '..', 'ä', 'a'.repeat(65), "a' or '1'='1"])(
  '%j is no name',
  async (name) => {
    await expect(catalog.addStream({ name })).rejects.toMatchObject({ code: 'bad-name' })
  },
)

test('keys are listed without their secrets, and revoked once', async () => {
  await catalog.addStream({ name: 'keyed' })
  const [first, second] = [await catalog.createKey('keyed'), await catalog.createKey('keyed')]
  await catalog.revokeKey('keyed', first.id)
  const keys = await catalog.listKeys('keyed')
  expect(keys.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
  expect(keys.find(({ id }) => id === first.id)).toHaveProperty('revokedAt')
  expect(JSON.stringify(keys)).not.toContain(second.secret)
  await expect(catalog.revokeKey('keyed', first.id)).rejects.toMatchObject({ code: 'not-found' })
  await expect(catalog.createKey('nowhere')).rejects.toMatchObject({ code: 'unknown-stream' })
})
