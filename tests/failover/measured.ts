/** One thing that a row has measured, against what is promised of it. Seconds. */
export type Measured = {
  what: string
  seconds: number
  most: number
  /** The same while nothing was wrong: what the machine itself makes of it. */
  calm?: number
}

/** What happened and must have happened, whatever time it took. */
export type Outcome = { what: string; is: boolean }

export type RowResult = {
  name: string
  /** Why it could not be measured; then there is nothing else. */
  skipped?: string
  measured: Measured[]
  outcomes: Outcome[]
}

/** On a machine that does something else besides, pictures come late and programs start slowly. */
export const LOADED_SLACK_S = 1.5

/** What a row has not kept, in sentences: with so much more time than is promised on a quiet machine. */
export function unkept({ measured, outcomes }: RowResult, slack = LOADED_SLACK_S): string[] {
  return [
    ...outcomes.filter(({ is }) => !is).map(({ what }) => `not so: ${what}`),
    ...measured
      .filter(({ seconds, most }) => !(seconds <= most + slack))
      .map(({ what, seconds, most }) => `${what}: ${show(seconds)}, ${show(most)} is promised`),
  ]
}

/** A row as RESULTS.md has it. */
export function tableRow({ name, skipped, measured, outcomes }: RowResult): string[] {
  if (skipped !== undefined) return [name, `not measured: ${skipped}`, '–']
  const seconds = measured.map(
    ({ what, seconds, calm }) =>
      `${what} ${show(seconds)}${calm === undefined ? '' : ` (${show(calm)} before)`}`,
  )
  const goals = measured.map(({ what, most }) => `${what} ≤ ${show(most)}`)
  const wrong = outcomes.filter(({ is }) => !is).map(({ what }) => `not so: ${what}`)
  return [name, [...seconds, ...wrong].join('; ') || 'as it should be', goals.join('; ') || wordsOf(outcomes)]
}

const wordsOf = (outcomes: Outcome[]) => outcomes.map(({ what }) => what).join('; ')

const show = (seconds: number) => (Number.isFinite(seconds) ? `${seconds.toFixed(1)} s` : 'never')
