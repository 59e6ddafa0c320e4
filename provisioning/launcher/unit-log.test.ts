import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lastWords, openUnitLog } from './unit-log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sixcast-log-`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const now = () => new Date('2026-01-02T03:04:05.678Z')

test('each line is kept with the time, however it arrives', () => {
  const log = openUnitLog(`${folder}/unit.log`, { now })
  log.write('one\ntw')
  log.write('o\n')
  log.close()
  expect(readFileSync(`${folder}/unit.log`, 'utf8')).toBe(
    '2026-01-02T03:04:05.678Z one\n2026-01-02T03:04:05.678Z two\n',
  )
})

test('a log that is full makes room, and one older one stays', () => {
  const log = openUnitLog(`${folder}/unit.log`, { now, maxBytes: 1000 })
  for (let line = 0; line < 100; line++) log.write(`line ${line}\n`)
  log.close()
  expect(statSync(`${folder}/unit.log`).size).toBeLessThanOrEqual(1000)
  expect(statSync(`${folder}/unit.log.1`).size).toBeLessThanOrEqual(1000)
  expect(readFileSync(`${folder}/unit.log`, 'utf8')).toMatch(/line 99\n$/)
  expect(existsSync(`${folder}/unit.log.2`)).toBe(false)
})

test('a log whose folder was removed is silent, and touches no other file', () => {
  mkdirSync(`${folder}/logs`)
  const log = openUnitLog(`${folder}/logs/unit.log`, { now, maxBytes: 200 })
  rmSync(`${folder}/logs`, { recursive: true })
  log.write(`${'a'.repeat(190)}\n`) // full: cannot rotate
  const other = openSync(`${folder}/other`, 'w')
  for (let line = 0; line < 5; line++) log.write('late line\n')
  closeSync(other) // throws if the log has closed it
  expect(readFileSync(`${folder}/other`, 'utf8')).toBe('')
  log.close()
})

test('a new run goes on in the same log', () => {
  for (const word of ['first', 'second']) {
    const log = openUnitLog(`${folder}/unit.log`, { now })
    log.write(`${word}\n`)
    log.close()
  }
  expect(readFileSync(`${folder}/unit.log`, 'utf8')).toMatch(/first\n.*second\n$/)
})

test.each([
  ['nothing', [], ''],
  ['the last line', ['one', ' two '], 'two'],
  [
    'the error rather than the goodbye',
    ['[ERROR] no such engine', '[ERROR] Aborting', 'bye'],
    '[ERROR] no such engine',
  ],
  ['event and cause of our own lines', ['{"level":"error","event":"no","cause":"way"}'], 'no: way'],
])('the last words are %s', (_, lines, words) => {
  expect(lastWords(lines)).toBe(words)
})
