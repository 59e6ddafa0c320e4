import { randomBytes } from 'node:crypto'
import { type Alert, isOpen } from './alert.ts'
import { RULES, type RuleInForce, type RuleName, readingOf } from './alert-rules.ts'
import { type AlertState, nextAlert, unwatched } from './alert-state.ts'
import type { Observation } from './observe-fleet.ts'

export type Judged = {
  /** New, or other than before. */
  changed: Alert[]
  /** They began, and did not last: nobody was told. */
  dropped: Alert[]
  /** Of those that are changed, the ones that have just begun to count. */
  raised: Alert[]
}

type Rules = Record<RuleName, RuleInForce>
type Judging = Omit<Alert, 'state'> & { state: AlertState }

/** `wasAway`: nobody has looked for a while. What is waited for is then waited for anew: a node must have time to speak to us again. */
type Moment = { now: number; wasAway?: boolean }

/** What becomes of the alerts that are not over, and of what was found of everybody, by the rules in force. */
export function judgeAlerts(
  alerts: Alert[],
  found: Observation[],
  rules: Rules,
  { now, wasAway = false }: Moment,
): Judged {
  const outcome: Judged = { changed: [], dropped: [], raised: [] }
  const known = new Set(alerts.map(keyOf))
  // Nearly all of a large fleet is well, and nothing is made of that.
  const seen = new Map(
    found
      .filter(({ rule }) => rules[rule].enabled)
      .filter(
        (each) => readingOf(each.rule, each.found, rules[each.rule]) === 'firing' || known.has(keyOf(each)),
      )
      .map((each) => [keyOf(each), each]),
  )
  for (const alert of alerts) {
    const present = wasAway ? { ...alert, state: unwatched(alert.state, now) } : alert
    settle(outcome, alert, judged(present, seen.get(keyOf(alert)), rules, now))
  }
  for (const [key, each] of seen)
    if (!known.has(key)) settle(outcome, undefined, judged(newAlert(each), each, rules, now))
  return outcome
}

const keyOf = ({ rule, subject }: Pick<Alert, 'rule' | 'subject'>) => `${rule} ${subject.kind} ${subject.id}`

const newAlert = ({ rule, subject, nodeId }: Observation): Judging => ({
  id: randomBytes(6).toString('hex'),
  ...{ rule, subject, ...(nodeId !== undefined && { nodeId }) },
  state: { name: 'quiet' },
  says: '',
})

function judged(alert: Judging, seen: Observation | undefined, rules: Rules, now: number): Judging {
  const rule = rules[alert.rule]
  const reading = seen ? readingOf(alert.rule, seen.found, rule) : 'gone'
  const state = nextAlert(alert.state, reading, now, 1000 * rule.forSeconds)
  if (!seen || reading !== 'firing') return { ...alert, state }
  const figure = typeof seen.found === 'number' ? seen.found : undefined
  const isRaised = alert.state.name === 'pending' && state.name === 'firing'
  const isWorst = alert.says === '' || isRaised || isWorse(alert, figure)
  return {
    ...alert,
    state,
    subject: seen.subject, // it may have been given another name
    ...(isWorst && { says: seen.says(), ...(figure !== undefined && { peak: figure }) }),
  }
}

function isWorse({ rule, peak }: Judging, figure: number | undefined): boolean {
  if (figure === undefined || peak === undefined) return false
  return RULES[rule].threshold?.worse === 'below' ? figure < peak : figure > peak
}

function settle(outcome: Judged, before: Alert | undefined, after: Judging) {
  if (!isAlert(after)) {
    if (before) outcome.dropped.push(before)
    return
  }
  if (before && contentOf(before) === contentOf(after)) return
  outcome.changed.push(after)
  if (isOpen(after) && !(before && isOpen(before))) outcome.raised.push(after)
}

const isAlert = (alert: Judging): alert is Alert => alert.state.name !== 'quiet'

const contentOf = ({ state, says, peak, subject }: Alert) => JSON.stringify([state, says, peak, subject])
