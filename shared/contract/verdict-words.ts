import { printable } from '../runtime/printable.ts'
import type { Verdict, VerdictStep } from './verdict.ts'

/** What an installer reads first. */
export const verdictSentence = ({ name, is }: Pick<Verdict, 'name' | 'is'>): string =>
  ({
    passed: `Viewers outside reach ${name}.`,
    failed: `Viewers outside do not get what they need from ${name}.`,
    waiting: `It is not known yet whether viewers outside reach ${name}.`,
  })[is]

/** A step and the family it was tried over. */
export const stepName = ({ step, family }: VerdictStep) => (family ? `${step} over IPv${family}` : step)

/** A verdict as it stands in a terminal: a word, the step, what was found or why not, and what to do. */
export function verdictText(verdict: Verdict): string {
  const names = verdict.steps.map(stepName)
  const width = Math.max(0, ...names.map(({ length }) => length))
  const lines = verdict.steps.flatMap((step, index) => {
    const said = step.found ?? step.cause ?? ''
    const line = `  ${step.is.padEnd(7)}  ${(names[index] ?? '').padEnd(width)}  ${said}`.trimEnd()
    return step.remedy ? [line, `${' '.repeat(width + 13)}${step.remedy}`] : [line]
  })
  return [verdictSentence(verdict), '', ...lines].map(printable).join('\n')
}
