import { expect, test } from 'vitest'
import type { Alert } from './alert.ts'
import { type Found, type RuleName, rulesInForce } from './alert-rules.ts'
import { judgeAlerts } from './judge-alerts.ts'
import type { Observation } from './observe-fleet.ts'

const seen = (rule: RuleName, found: Found, name = 'depot'): Observation => ({
  ...{ rule, found, subject: { kind: 'node', id: 'a', name }, nodeId: 'a' },
  says: () => `found ${found}`,
})
const asItComes = rulesInForce()

/** What is known after so many rounds, one every so often. */
function after(rounds: [seconds: number, ...found: Observation[]][], rules = asItComes) {
  let alerts: Alert[] = []
  const raised: string[] = []
  for (const [seconds, ...found] of rounds) {
    const outcome = judgeAlerts(alerts, found, rules, { now: 1000 * seconds })
    const gone = new Set([...outcome.changed, ...outcome.dropped].map(({ id }) => id))
    alerts = [...alerts.filter(({ id }) => !gone.has(id)), ...outcome.changed]
    raised.push(...outcome.raised.map(({ rule }) => `${seconds} ${rule}`))
  }
  return { alerts, raised }
}

test('what lasts is raised once, with its worst figure and what was said of it then', () => {
  const rounds = [0, 60, 120, 180, 240].map((at) => [at, seen('heat', at === 180 ? 91 : 82)] as const)
  const { alerts, raised } = after(rounds.map((each) => [...each]))
  expect(raised).toEqual(['120 heat'])
  expect(alerts).toMatchObject([{ state: { name: 'firing', since: 0 }, peak: 91, says: 'found 91' }])
})

test('what did not last is forgotten, and nobody was told', () => {
  const { alerts, raised } = after([
    [0, seen('heat', 82)],
    [60, seen('heat', 70)],
    [120, seen('heat', 82)],
  ])
  expect([raised, alerts.map(({ state }) => state)]).toEqual([[], [{ name: 'pending', since: 120_000 }]])
})

test('a rule that is switched off ends what it has raised, and so does a node that is seen no more', () => {
  const off = rulesInForce(new Map([['heat', { enabled: false }]]))
  const raised = after([
    [0, seen('heat', 82)],
    [120, seen('heat', 82)],
  ]).alerts
  for (const outcome of [
    judgeAlerts(raised, [seen('heat', 82)], off, { now: 130_000 }),
    judgeAlerts(raised, [], asItComes, { now: 130_000 }),
  ])
    expect(outcome.changed).toMatchObject([{ state: { name: 'resolved', at: 130_000 } }])
  expect(judgeAlerts([], [seen('heat', 82)], off, { now: 0 }).changed).toEqual([])
})

test('what is as before is not written again', () => {
  const { alerts } = after([[0, seen('node-unreachable', true)]])
  const again = judgeAlerts(alerts, [seen('node-unreachable', true)], asItComes, { now: 5000 })
  expect(again).toEqual({ changed: [], dropped: [], raised: [] })
  const renamed = judgeAlerts(alerts, [seen('node-unreachable', true, 'barn')], asItComes, { now: 5000 })
  expect(renamed.changed).toMatchObject([{ subject: { name: 'barn' } }])
})

test('what is said of it is what is so when it is raised, and is written no more often', () => {
  const silent = (seconds: number) => ({
    ...seen('node-unreachable', true),
    says: () => `silent for ${seconds} s`,
  })
  const { alerts } = after([[0, silent(0)]])
  expect(judgeAlerts(alerts, [silent(30)], asItComes, { now: 30_000 }).changed).toEqual([])
  const { changed } = judgeAlerts(alerts, [silent(60)], asItComes, { now: 60_000 })
  expect(changed).toMatchObject([{ says: 'silent for 60 s' }])
  expect(judgeAlerts(changed, [silent(90)], asItComes, { now: 90_000 }).changed).toEqual([])
})

test('after a pause a node has time to speak again before it counts as silent', () => {
  const { alerts } = after([[0, seen('node-unreachable', true)]])
  const later = 3_600_000
  const away = { now: later, wasAway: true }
  const outcome = judgeAlerts(alerts, [seen('node-unreachable', true)], asItComes, away)
  expect(outcome.raised).toEqual([])
  expect(outcome.changed, 'to be remembered').toMatchObject([{ state: { name: 'pending', since: later } }])
})

test('ten thousand nodes that are well are judged in a moment', () => {
  const all = Array.from({ length: 70_000 }, (_, at) => ({
    ...seen('heat', 50),
    subject: { kind: 'node' as const, id: `${at}`, name: 'a' },
  }))
  const begun = process.cpuUsage()
  expect(judgeAlerts([], all, asItComes, { now: 0 }).changed).toEqual([])
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 1000, 'ms').toBeLessThan(500)
})
