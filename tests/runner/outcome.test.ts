import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { closingLine, lastWords, vitestOutcome } from './outcome.ts'

const file = join(mkdtempSync(join(tmpdir(), 'outcome-')), 'report.json')

test('counts what vitest counted', () => {
  writeFileSync(file, JSON.stringify({ numPassedTests: 7, numFailedTests: 2 }))
  expect(vitestOutcome(file, 1)).toMatchObject({ passed: 7, failed: 2, retried: [] })
})

test('a run that broke outside of its tests is a failure', () => {
  writeFileSync(file, JSON.stringify({ numPassedTests: 7, numFailedTests: 0 }))
  expect(vitestOutcome(file, 1)).toMatchObject({ passed: 7, failed: 1 })
  expect(vitestOutcome('/nowhere/report.json', 1)).toMatchObject({ passed: 0, failed: 1 })
})

test('what passed only when it was tried again is told, and what failed, with why', async () => {
  const flaky = join(mkdtempSync(join(tmpdir(), 'retried-')), 'flaky.test.ts')
  writeFileSync(
    flaky,
    `let tries = 0
    test('a race', { retry: 1 }, () => expect(++tries).toBe(2))
    test('no race', () => {})
    test('a fault', () => expect(1).toBe(3))`,
  )
  const reporting = ['--globals', '--reporter=json', `--outputFile=${file}`, '--root', dirname(flaky)]
  await promisify(execFile)('node_modules/.bin/vitest', ['run', ...reporting]).catch(() => {})
  const [race, raceWhy, fault, faultWhy, ...more] = lastWords(vitestOutcome(file, 1)).split('\n')
  expect([race, fault, ...more]).toEqual([
    '↻ passed only when tried again: a race (flaky.test.ts)',
    '✗ failed: a fault (flaky.test.ts)',
    '',
  ])
  expect(raceWhy).toMatch(/^ {2}\w*Error: expected 1 to be 2/)
  expect(faultWhy).toMatch(/^ {2}\w*Error: expected 1 to be 3/)
}, 60_000)

test('the closing line is plain', () => {
  expect(closingLine({ passed: 3, failed: 0 })).toBe('3 passed, 0 failed\n')
})
