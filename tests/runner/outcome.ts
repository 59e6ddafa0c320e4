import { readFileSync } from 'node:fs'

export type Outcome = { passed: number; failed: number; retried?: Retried[] }

/** A test that passed only when it was tried again, and why it had not. */
export type Retried = { name: string; why: string }

/** What vitest counted; a run that left no report, or failed outside of its tests, is a failure by itself. */
export function vitestOutcome(reportFile: string, exitCode: number): Outcome {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = readReport(reportFile)
  return {
    passed: numPassedTests,
    failed: exitCode !== 0 ? Math.max(numFailedTests, 1) : numFailedTests,
    retried: testResults.flatMap(({ assertionResults }) => assertionResults.flatMap(retriedOf)),
  }
}

export function sumOf(outcomes: Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    retried: outcomes.flatMap(({ retried = [] }) => retried),
  }
}

/** Of a test that passed at once vitest has no failures to tell. */
function retriedOf({ status, fullName, failureMessages: [first] }: Assertion): Retried[] {
  return status === 'passed' && first ? [{ name: fullName, why: first.split('\n')[0] ?? '' }] : []
}

/** Told after all else, so that a race does not pass unseen. */
export const retriedLines = (retried: Retried[]) =>
  retried.map(({ name, why }) => `↻ passed only when tried again: ${name}\n  ${why}\n`).join('')

export const closingLine = ({ passed, failed }: Outcome) => `${passed} passed, ${failed} failed\n`

type Assertion = { status: string; fullName: string; failureMessages: string[] }
type Report = {
  numPassedTests?: number
  numFailedTests?: number
  testResults?: { assertionResults: Assertion[] }[]
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
