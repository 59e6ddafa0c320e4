import { expect, test } from 'vitest'
import { type KnownReport, reportOfSession, streamView } from './stream-state.ts'

const now = new Date('2026-01-01T12:00:00Z')
const before = (ms: number) => new Date(now.getTime() - ms)
const entry = { name: 'golive', title: 'Go live', description: '', open: true }

let sessions = 0
const report = (changes: Partial<KnownReport> = {}): KnownReport => ({
  state: 'live',
  manifest: 'index.m3u8',
  session: `s${String(++sessions).padStart(12, '0')}`,
  height: 720,
  since: before(60_000),
  stateSince: before(30_000),
  livesUntil: before(-5000),
  node: { id: 'a', name: 'attic', revoked: false },
  host: '127.0.0.1:8084',
  ...changes,
})
const stale = now
const revoked = { id: 'r', name: 'revoked', revoked: true }

test.each<[string, KnownReport[], string]>([
  ['without a report', [], 'never'],
  ['while it advances', [report()], 'live'],
  ['when reports stop', [report({ livesUntil: stale })], 'lost'],
  ['without its encoder', [report({ state: 'waiting' })], 'waiting'],
  ['when the waiting node is silent', [report({ state: 'waiting', livesUntil: stale })], 'lost'],
  ['after its end, however long ago', [report({ state: 'ended', livesUntil: stale })], 'ended'],
  ['on a revoked node', [report({ node: revoked })], 'ended'],
  ['live here, ended there', [report({ state: 'ended' }), report()], 'live'],
  ['waiting here, lost there', [report({ livesUntil: stale }), report({ state: 'waiting' })], 'waiting'],
  [
    'whose node has ended a newer session than the one it lost',
    [report({ livesUntil: before(60_000) }), report({ state: 'ended', livesUntil: stale })],
    'ended',
  ],
  [
    'whose node was lost with a newer session than the one it ended',
    [report({ livesUntil: stale }), report({ state: 'ended', livesUntil: before(60_000) })],
    'lost',
  ],
  [
    'ended on one node and lost on another',
    [report({ state: 'ended' }), report({ livesUntil: stale, node: { ...revoked, revoked: false } })],
    'lost',
  ],
])('%s a stream is %s', (_, reports, state) => {
  expect(streamView(entry, reports, now)).toMatchObject({ ...entry, state })
})

test('viewers at the origin and at who copies it are viewers, those of silent nodes and older sessions are not', () => {
  const origin = report({ viewers: 3 })
  const { session } = origin
  const copies = [
    report({ session, role: 'mirror', viewers: 2, node: { id: 'b', name: 'barn', revoked: false } }),
    report({
      session,
      role: 'mirror',
      viewers: 9,
      node: { id: 'c', name: 'cave', revoked: false },
      livesUntil: stale,
    }),
    report({ session, role: 'mirror', viewers: 9, node: revoked }),
    report({ viewers: 9, since: before(9e6), stateSince: before(9e6) }),
  ]
  expect(streamView(entry, [origin, ...copies], now).viewers).toBe(5)
  expect(streamView(entry, [report()], now)).not.toHaveProperty('viewers')
  expect(streamView(entry, [report({ state: 'waiting', viewers: 3 })], now)).not.toHaveProperty('viewers')
})

const other = { node: { id: 'b', name: 'barn', revoked: false }, host: '127.0.0.2:8084' }
const placeOf = (...reports: KnownReport[]) => {
  const hosts = [reports, reports.toReversed()].map((order) => streamView(entry, order, now).host)
  expect(hosts[0]).toBe(hosts[1])
  return hosts[0]
}

test('of two live sessions of one node, the newer counts', () => {
  const newer = report({ since: before(1000), stateSince: before(1000), host: '127.0.0.3:8084' })
  expect(placeOf(report(), newer)).toBe('127.0.0.3:8084')
})

test('a node that comes later takes no stream away from the one that has it live', () => {
  expect(placeOf(report(), report({ ...other, stateSince: before(1000) }))).toBe('127.0.0.1:8084')
})

test('a session that was kept waiting to be older than others takes no stream away', () => {
  expect(placeOf(report(), report({ ...other, since: before(9e6), stateSince: before(1000) }))).toBe(
    '127.0.0.1:8084',
  )
})

test('when the node that has it falls silent, another may take it', () => {
  expect(placeOf(report({ livesUntil: stale }), report({ ...other, stateSince: before(1000) }))).toBe(
    '127.0.0.2:8084',
  )
})

const early = { since: before(61_000), stateSince: before(61_000) }
const late = { since: before(1000), stateSince: before(1000) }
test.each<[string, Partial<KnownReport>, KnownReport[]]>([
  ['has said before the node that it is over', { ...early, state: 'ended' }, [report()]],
  ['says later that it is over', { ...late, state: 'ended' }, [report()]],
  ['has said before the node that it waits', { ...early, state: 'waiting' }, [report()]],
  ['says later that it is live', late, [report()]],
  ['is live again after it ended', { ...late, since: before(61_000) }, [report()]],
  ['said that it is live, and fell silent', { ...early, livesUntil: stale }, [report()]],
  [
    'was live before the node, and then ended',
    { ...late, since: before(61_000), state: 'ended' },
    [report()],
  ],
  ['was live before the node, and is revoked', { ...early, node: revoked }, [report()]],
  ['ended it, and is revoked', { ...early, state: 'ended', node: revoked }, [report()]],
  ['is revoked, while the node waits', { ...early, node: revoked }, [report({ state: 'waiting' })]],
])('a session stays where it is when another node %s', (_, forged, [own = report()]) => {
  const other = report({ node: { ...own.node, id: 'x' }, host: '127.0.0.9:8084', ...forged })
  for (const reports of [
    [own, { ...other, session: own.session }],
    [{ ...other, session: own.session }, own],
  ]) {
    expect(streamView(entry, reports, now)).toMatchObject({ state: own.state, host: own.host })
    expect(reportOfSession(reports, now)?.host).toBe(own.host)
  }
})

test.each<[string, Partial<KnownReport>]>([
  ['has ended', { state: 'ended', stateSince: before(2000) }],
  ['is silent', { livesUntil: stale }],
  ['is revoked', { node: revoked }],
])('when the origin of a session %s, a node that has a copy of it live carries it on', (_, changes) => {
  const origin = report(changes)
  const copy = report({ ...other, ...late, session: origin.session })
  expect(streamView(entry, [origin, copy], now)).toMatchObject({ state: 'live', host: other.host })
  expect(reportOfSession([origin, copy], now)?.host).toBe(other.host)
})

const mirror = { ...other, role: 'mirror' } as const
test.each<[string, Partial<KnownReport>, Partial<KnownReport>]>([
  ['has just become live', late, early],
  ['waits for its encoder', { state: 'waiting' }, early],
  ['says that it makes the stream', { role: 'origin' }, { since: before(9e6), stateSince: before(9e6) }],
])(
  'who copies a stream is no origin, however long it has been live, while the origin %s',
  (_, changes, lasting) => {
    const origin = report(changes)
    const copy = report({ ...mirror, ...lasting, session: origin.session })
    for (const reports of [
      [origin, copy],
      [copy, origin],
    ]) {
      const { state, host } = origin
      expect(streamView(entry, reports, now)).toMatchObject({
        state,
        node: { id: 'a' },
        ...(host && { host }),
      })
      expect(reportOfSession(reports, now)?.node.id).toBe('a')
    }
  },
)

test.each(['live', 'waiting'] as const)(
  'once the origin is silent, its mirror says that it is %s',
  (state) => {
    const origin = report({ livesUntil: stale })
    const copy = report({ ...mirror, state, session: origin.session })
    expect(streamView(entry, [origin, copy], now)).toMatchObject({ state, host: other.host })
    expect(reportOfSession([origin, copy], now)?.host).toBe(other.host)
  },
)

test('an origin that no probe has found yet is one all the same, and its stream has no place', () => {
  const { host: _, ...unproven } = report()
  const copy = report({ ...mirror, ...early, session: unproven.session })
  expect(streamView(entry, [copy, unproven], now)).toMatchObject({ state: 'live', node: { id: 'a' } })
})

test('once its mirror is silent too, or has ended what it has, a silent origin is lost', () => {
  const origin = report({ livesUntil: stale })
  const gone: Partial<KnownReport>[] = [{ livesUntil: stale }, { state: 'ended' }]
  for (const changes of gone) {
    const copy = report({ ...mirror, ...changes, session: origin.session })
    expect(streamView(entry, [copy, origin], now)).toMatchObject({ state: 'lost', node: { id: 'a' } })
  }
})

test('a session that its origin has ended is over, whatever is still copied of it', () => {
  const origin = report({ state: 'ended' })
  const copy = report({ ...mirror, session: origin.session })
  expect(streamView(entry, [copy, origin], now)).toMatchObject({ state: 'ended', node: { id: 'a' } })
  expect(reportOfSession([copy, origin], now)?.node.id).toBe('a')
})

test('of a session that is over, its viewers find the end where it lived', () => {
  const own = report({ state: 'ended' })
  for (const moment of [early, late]) {
    const forged = report({ ...other, ...moment, state: 'ended', session: own.session })
    expect(reportOfSession([forged, own], now)?.host).toBe(own.host)
  }
  expect(reportOfSession([{ ...own, node: revoked }], now)).toBeUndefined()
})

test.each<[string, Partial<KnownReport>, Date]>([
  ['waiting', { state: 'waiting' }, before(30_000)],
  ['ended', { state: 'ended', livesUntil: stale }, before(30_000)],
  ['lost', { livesUntil: before(5000) }, before(5000)],
  ['ended', { node: revoked, livesUntil: before(5000) }, before(5000)],
])('a stream is %s since that began, not since its session did', (state, changes, stateSince) => {
  expect(streamView(entry, [report(changes)], now)).toMatchObject({
    state,
    stateSince,
    since: before(60_000),
  })
})

test('an ended stream has no place any more, a lost one still has', () => {
  expect(streamView(entry, [report({ state: 'ended' })], now)).not.toHaveProperty('host')
  expect(streamView(entry, [report({ livesUntil: stale })], now)).toHaveProperty('host')
})

test('a node that no probe has found yet is no place, and keeps no stream from one that is', () => {
  const { host: _, ...unproven } = report()
  expect(streamView(entry, [unproven], now)).toMatchObject({ state: 'live', node: { name: 'attic' } })
  expect(streamView(entry, [unproven], now)).not.toHaveProperty('host')
  expect(placeOf({ ...unproven, ...early }, report(other))).toBe(other.host)
})
