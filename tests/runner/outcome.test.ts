import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { closingLine, vitestOutcome } from './outcome.ts'

const file = join(mkdtempSync(join(tmpdir(), 'outcome-')), 'report.json')

test('counts what vitest counted', () => {
  writeFileSync(file, JSON.stringify({ numPassedTests: 7, numFailedTests: 2 }))
  expect(vitestOutcome(file, 1)).toEqual({ passed: 7, failed: 2 })
})

test('a run that broke outside of its tests is a failure', () => {
  writeFileSync(file, JSON.stringify({ numPassedTests: 7, numFailedTests: 0 }))
  expect(vitestOutcome(file, 1)).toEqual({ passed: 7, failed: 1 })
  expect(vitestOutcome('/nowhere/report.json', 1)).toEqual({ passed: 0, failed: 1 })
})

test('the closing line is plain', () => {
  expect(closingLine({ passed: 3, failed: 0 })).toBe('3 passed, 0 failed\n')
})
