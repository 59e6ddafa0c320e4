import { readFileSync } from 'node:fs'

export type Outcome = { passed: number; failed: number }

/** What vitest counted; a run that left no report, or failed outside of its tests, is a failure by itself. */
export function vitestOutcome(reportFile: string, exitCode: number): Outcome {
  const { numPassedTests = 0, numFailedTests = 0 } = readReport(reportFile)
  return { passed: numPassedTests, failed: exitCode !== 0 ? Math.max(numFailedTests, 1) : numFailedTests }
}

export const closingLine = ({ passed, failed }: Outcome) => `${passed} passed, ${failed} failed\n`

function readReport(file: string): { numPassedTests?: number; numFailedTests?: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
