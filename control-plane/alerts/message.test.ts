import { expect, test } from 'vitest'
import type { Alert } from './alert.ts'
import type { RuleName } from './alert-rules.ts'
import { alertsTitle } from './alert-words.ts'
import { composeMessage, mailText, testMessage } from './message.ts'

const at = Date.parse('2026-11-20T12:00:00Z')
const alert = (rule: RuleName, name: string, more: Partial<Alert> = {}): Alert => ({
  ...{ id: name, rule, subject: { kind: 'node', id: name, name }, says: 'It has been silent for 1 min.' },
  state: { name: 'firing', since: at },
  ...more,
})
const nodes = (count: number) =>
  Array.from({ length: count }, (_, n) => alert('node-unreachable', `node-${n}`))
const incident = (alerts: Alert[]) => ({
  ...{ id: 'abc', begunAt: new Date(at), joinedAt: new Date(at), toldCount: 0, alerts },
})
const compose = (kind: 'opened' | 'grown' | 'over', alerts: Alert[], more: object = {}) =>
  composeMessage(kind, { ...incident(alerts), ...more }, alerts, 'https://fleet.example')

test.each<[string, Alert[]]>([
  ['depot is out of reach', [alert('node-unreachable', 'depot')]],
  ['barn and depot are out of reach', ['barn', 'depot'].map((name) => alert('node-unreachable', name))],
  ['30 nodes are out of reach, depot is too hot', [alert('heat', 'depot'), ...nodes(30)]],
  [
    'box and box are out of reach',
    ['a', 'b'].map((id) => alert('node-unreachable', 'box', { subject: { kind: 'node', id, name: 'box' } })),
  ],
  ['Probing over IPv4 is in doubt', [alert('prober-doubted', 'Probing over IPv4')]],
  ['depot is too hot', [alert('heat', 'depot'), alert('heat', 'depot')]],
])('%s', (title, alerts) => {
  expect(alertsTitle(alerts)).toBe(title)
})

test('thirty nodes are one message that names twenty, the worst first', () => {
  const over = alert('node-unreachable', 'back', { state: { name: 'resolved', since: at - 1, at } })
  const message = compose('opened', [over, alert('heat', 'warm'), ...nodes(30)])
  expect(message).toMatchObject({ type: 'incident.opened', severity: 'bad', count: 32, open: 31 })
  expect(message.alerts).toHaveLength(20)
  expect(message.alerts[0]).toMatchObject({ rule: 'node-unreachable', subject: { name: 'node-0' } })
  expect(mailText(message)).toContain('and 12 more.')
})

test('a mail says what, since when, what it means, what to do and where to see more', () => {
  expect(mailText(compose('opened', [alert('node-unreachable', 'depot')]))).toBe(`depot is out of reach.

- depot: node out of reach since 2026-11-20 12:00 UTC. It has been silent for 1 min.

A node is silent, or viewers outside do not get to it: nobody is sent there. See whether it has power and a network; its page says what a probe met with.

https://fleet.example/console/alerts/abc`)
})

test('the end says how long it lasted, and until when each', () => {
  const over = alert('heat', 'depot', { state: { name: 'resolved', since: at, at: at + 300_000 } })
  const text = mailText(compose('over', [over], { endedAt: new Date(at + 300_000) }))
  expect(text).toMatch(/^Over: depot is too hot\.\n[\s\S]*until 2026-11-20 12:05 UTC[\s\S]*It lasted 5 min\./)
})

test('a figure is told with its unit, and only where the rule has one', () => {
  const told = compose('opened', [alert('heat', 'depot', { peak: 91 }), alert('undervoltage', 'barn')]).alerts
  expect(told.map(({ peak, unit }) => [peak, unit])).toEqual([
    [undefined, undefined],
    [91, '°C'],
  ])
})

test('a test says that nothing is wrong', () => {
  expect(mailText(testMessage('https://fleet.example', new Date(at)))).toContain('nothing is wrong.')
})
