import { expect, test } from 'vitest'
import { nodeIdOf, SESSION, TRACKS } from './fake-copies.ts'
import { type KnownCopy, liveStreams } from './live-streams.ts'

const now = new Date('2026-01-01T12:00:00Z')
const before = (ms: number) => new Date(now.getTime() - ms)
const after = (ms: number) => before(-ms)

const known = (letter: string, changes: Partial<KnownCopy> = {}): KnownCopy => ({
  streamName: 'golive',
  state: 'live',
  manifest: 'index.m3u8',
  session: SESSION,
  since: before(60_000),
  stateSince: before(60_000),
  livesUntil: after(5000),
  node: { id: nodeIdOf(letter), name: `node ${letter}`, revoked: false },
  tracks: () => TRACKS,
  place: { address: '45.66.1.1', port: 8084 },
  leaseEndsAt: after(20_000),
  stood: { state: 'healthy' },
  ...changes,
})

const standingOf = (changes: Partial<KnownCopy>) => {
  const [copy] = liveStreams([known('a', changes)], now).get('golive')?.copies ?? []
  return [copy?.standing, copy?.cause]
}

test.each<[string, Partial<KnownCopy>, string, string?]>([
  ['is well', {}, 'healthy'],
  ['has not been found yet', { place: undefined, stood: undefined }, 'pending', 'No probe has found it yet.'],
  ['was just found for the first time', { stood: { state: 'pending' } }, 'pending'],
  ['has moved', { stood: undefined }, 'suspect', 'It asks to be found at another address by now.'],
  ['does not beat', { leaseEndsAt: before(1) }, 'suspect', 'Its heartbeat is overdue.'],
  ['was not found just now', { stood: { state: 'suspect', cause: 'C' } }, 'suspect', 'C'],
  ['is not found', { stood: { state: 'unreachable', cause: 'C' } }, 'unreachable', 'C'],
  ['is off', { stood: { state: 'offline', cause: 'C' } }, 'offline', 'C'],
  ['comes and goes', { stood: { state: 'flapping', cause: 'C' } }, 'flapping', 'C'],
  ['is being emptied', { duty: 'draining' }, 'draining'],
  ['somebody works on', { duty: 'maintenance', stood: { state: 'offline' } }, 'maintenance'],
])('a node that %s', (_, changes, ...expected) => {
  expect(standingOf(changes)).toEqual([expected[0], expected[1]])
})

test('the origin is the catalog’s; others with its session come along as nobody has asked them', () => {
  const older = known('a', { since: before(90_000), stateSince: before(90_000) })
  const [stream] = liveStreams([known('b'), older, known('c', { session: 's00000000000b' })], now).values()
  expect(stream).toMatchObject({ name: 'golive', state: 'live', session: SESSION })
  expect(stream?.copies.map(({ node, role, session }) => [node.id[0], role, session])).toEqual([
    ['b', 'unasked', SESSION],
    ['a', 'origin', SESSION],
    ['c', 'unasked', 's00000000000b'],
  ])
})

test.each<[string, Partial<KnownCopy>, string | undefined]>([
  ['waits for its encoder', { state: 'waiting' }, 'waiting'],
  ['has fallen silent', { livesUntil: now }, undefined],
  ['was revoked', { node: { id: nodeIdOf('a'), name: 'a', revoked: true } }, undefined],
])('a stream whose node %s', (_, changes, state) => {
  expect(liveStreams([known('a', changes)], now).get('golive')?.state).toBe(state)
})

test('a node that waits is no way to a stream that is live elsewhere', () => {
  const [stream] = liveStreams([known('a', { state: 'waiting' }), known('b')], now).values()
  expect(stream?.copies.map(({ node }) => node.id[0])).toEqual(['b'])
})

const copyOfA = (letter: string, changes: Partial<KnownCopy> = {}) =>
  known(letter, { role: 'mirror', ...changes })
const rolesOf = (reports: KnownCopy[]) => {
  const [stream] = liveStreams(reports, now).values()
  return stream?.copies.map(({ node, role }) => `${node.id[0]} ${role}`)
}

test('who was told to copy the session is a mirror; who only says that it copies is not', () => {
  const old = { since: before(900_000), stateSince: before(900_000) }
  expect(rolesOf([copyOfA('c', old), copyOfA('b', { ordered: true, ...old }), known('a')])).toEqual([
    'c unasked',
    'b mirror',
    'a origin',
  ])
})

test('while the origin is silent, what mirrors have is played on, and nobody is taken for the origin', () => {
  const silent = known('a', { livesUntil: now })
  expect(rolesOf([silent, copyOfA('b', { ordered: true }), copyOfA('c')])).toEqual(['b mirror', 'c unasked'])
})

test('a mirror that is live while its origin begins to wait stays a way; one that waits before its origin is none', () => {
  const waiting = known('a', { state: 'waiting' })
  expect(rolesOf([waiting, copyOfA('b', { ordered: true })])).toEqual(['a origin', 'b mirror'])
  expect(rolesOf([known('a'), copyOfA('b', { ordered: true, state: 'waiting' })])).toEqual(['a origin'])
})

test('what mirrors still have of a session that its origin has ended is not live', () => {
  const ended = known('a', { state: 'ended' })
  expect(liveStreams([ended, copyOfA('b', { ordered: true })], now).size).toBe(0)
})
