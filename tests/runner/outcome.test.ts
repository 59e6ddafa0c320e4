import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { closingLine, retriedLines, vitestOutcome } from './outcome.ts'

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

test('a test that passed only when it was tried again is told, with why it had not', async () => {
  const flaky = join(mkdtempSync(join(tmpdir(), 'retried-')), 'flaky.test.ts')
  writeFileSync(
    flaky,
    `let tries = 0
    test('a race', { retry: 1 }, () => expect(++tries).toBe(2))
    test('no race', () => {})`,
  )
  const reporting = ['--globals', '--reporter=json', `--outputFile=${file}`, '--root', dirname(flaky)]
  await promisify(execFile)('node_modules/.bin/vitest', ['run', ...reporting])
  const { retried = [] } = vitestOutcome(file, 0)
  expect(retriedLines(retried)).toMatch(
    /^↻ passed only when tried again: a race\n {2}\w*Error: expected 1 to be 2.*\n$/,
  )
}, 60_000)

test('the closing line is plain', () => {
  expect(closingLine({ passed: 3, failed: 0 })).toBe('3 passed, 0 failed\n')
})
