import type { Alert } from './alert.ts'
import { RULE_NAMES, RULES, type RuleName } from './alert-rules.ts'

/** What alerts add up to, in one sentence without its full stop: “30 nodes are out of reach, 2 streams were lost”. */
export function alertsTitle(alerts: Pick<Alert, 'rule' | 'subject'>[]): string {
  const byRule = Map.groupBy(alerts, ({ rule }) => rule)
  return RULE_NAMES.toSorted(bySeverity)
    .flatMap((rule) => {
      const of = byRule.get(rule)
      return of ? [clause(rule, namesOf(of))] : []
    })
    .join(', ')
}

/** Two nodes may have one name. */
const namesOf = (alerts: Pick<Alert, 'subject'>[]) => [
  ...new Map(alerts.map(({ subject }) => [subject.id, subject.name])).values(),
]

const bySeverity = (one: RuleName, other: RuleName) =>
  Number(RULES[other].severity === 'bad') - Number(RULES[one].severity === 'bad')

function clause(rule: RuleName, names: string[]): string {
  const { says, of } = RULES[rule]
  const [one, many] = says
  if (names.length === 1) return `${names[0]} ${one}`
  if (of === 'fleet' || names.length === 2) return `${names.join(' and ')} ${many}`
  return `${names.length} ${of}s ${many}`
}
