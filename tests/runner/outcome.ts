import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

export type Outcome = { passed: number; failed: number; retried?: Told[]; failures?: Told[] }

/** A test that failed, or passed only when it was tried again, and why it had not. */
export type Told = { name: string; why: string }

/** What vitest counted; a run that left no report, or failed outside of its tests, is a failure by itself. */
export function vitestOutcome(reportFile: string, exitCode: number): Outcome {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = readReport(reportFile)
  return {
    passed: numPassedTests,
    failed: exitCode !== 0 ? Math.max(numFailedTests, 1) : numFailedTests,
    retried: testsOf(testResults, 'passed'),
    failures: testsOf(testResults, 'failed'),
  }
}

export function sumOf(outcomes: Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    retried: outcomes.flatMap(({ retried = [] }) => retried),
    failures: outcomes.flatMap(({ failures = [] }) => failures),
  }
}

/** Of a test that passed at once vitest has no failures to tell. */
const testsOf = (results: TestResult[], outcome: 'passed' | 'failed'): Told[] =>
  results.flatMap(({ name: file, assertionResults }) =>
    assertionResults.flatMap(({ status, fullName, failureMessages: [first] }) =>
      status === outcome && first
        ? [{ name: `${fullName} (${basename(file)})`, why: first.split('\n')[0] ?? '' }]
        : [],
    ),
  )

/** Told after all else: a race must not pass unseen, and whoever has only the end of a log must know what failed. */
export const lastWords = ({ retried = [], failures = [] }: Outcome) =>
  [
    ...retried.map(({ name, why }) => `↻ passed only when tried again: ${name}\n  ${why}\n`),
    ...failures.map(({ name, why }) => `✗ failed: ${name}\n  ${why}\n`),
  ].join('')

export const closingLine = ({ passed, failed }: Outcome) => `${passed} passed, ${failed} failed\n`

type Assertion = { status: string; fullName: string; failureMessages: string[] }
type TestResult = { name: string; assertionResults: Assertion[] }
type Report = { numPassedTests?: number; numFailedTests?: number; testResults?: TestResult[] }

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
