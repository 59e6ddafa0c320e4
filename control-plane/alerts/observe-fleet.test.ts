import { expect, test } from 'vitest'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { type FleetFacts, observeFleet } from './observe-fleet.ts'

const now = new Date('2026-11-20T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const node: NodeBrief = {
  ...{ id: 'a', name: 'depot', kind: 'well', urgency: 1, addresses: [], isAlive: true, streams: [] },
  load: { viewers: 5, bitsPerSecond: 16e6 },
  budget: { bitsPerSecond: 18e6 },
}
const stream: StreamView = {
  ...{ name: 'harbour', title: 'Harbour', description: '', open: false, state: 'live' },
  node: { id: 'a', name: 'depot' },
}
const disk = (mount: string, usedBytes: number) => ({ mount, totalBytes: 100, usedBytes })
const health = { at: ago(5), disks: [disk('/', 40), disk('/srv', 93)], celsius: 71.4, clockOffSeconds: -44.6 }
const facts = (more: Partial<FleetFacts> = {}): FleetFacts => ({
  ...{ nodes: [node], streams: [stream], speeds: new Map(), doubts: [], health: new Map(), now },
  ...more,
})
const found = (of: FleetFacts) =>
  Object.fromEntries(observeFleet(of).map(({ rule, subject, found }) => [`${rule} ${subject.id}`, found]))
const sentence = (of: FleetFacts, rule: string) =>
  observeFleet(of)
    .find((each) => each.rule === rule && each.found !== false)
    ?.says()

test('of a fleet that is well every rule is asked, and what nobody has told is not known', () => {
  expect(found(facts())).toEqual({
    ...{ 'prober-doubted IPv6': false, 'prober-doubted IPv4': false },
    ...{ 'stream-lost harbour': false, 'encoder-away harbour': false, 'encoder-behind harbour': undefined },
    ...{ 'node-unreachable a': false, 'node-doubtful a': false, 'uplink-full a': 89 },
    ...{ 'storage-full a': undefined, 'storage-forecast a': undefined, 'heat a': undefined },
    ...{ 'undervoltage a': undefined, 'clock-off a': undefined, 'card-worn a': undefined },
  })
})

test('of what a node tells the fullest disk counts, and a clock that is ahead is as wrong as one that is behind', () => {
  const told = facts({ health: new Map([['a', { ...health, undervoltage: false, daysUntilFull: 2 }]]) })
  expect(found(told)).toMatchObject({
    ...{ 'storage-full a': 93, 'storage-forecast a': 2, 'heat a': 71.4 },
    ...{ 'undervoltage a': false, 'clock-off a': 45 },
  })
  expect(sentence(told, 'storage-full')).toBe('93 % of /srv is used.')
  expect(sentence(told, 'clock-off')).toBe('Its clock is 45 s ahead.')
})

test.each([
  ['told a minute ago', node, { ...health, at: ago(60) }],
  ['of a node that is silent since', { ...node, isAlive: false, kind: 'down' as const }, health],
])('what was %s says nothing of now', (_, brief, told) => {
  expect(found(facts({ nodes: [brief], health: new Map([['a', told]]) }))).toMatchObject({
    'heat a': undefined,
    'storage-full a': undefined,
  })
})

test.each<[string, Partial<NodeBrief>, string]>([
  ['silent', { isAlive: false, urgency: 2, heardAt: ago(180) }, 'It has been silent for 3 min.'],
  ['never heard', { isAlive: false, urgency: 0 }, 'It has not been heard since it enrolled.'],
  ['behind a closed router', {}, 'It is alive, but viewers outside do not get to it.'],
  ['copied', { urgency: 3 }, 'More than one machine speaks with its key: a card or disk was copied.'],
])('a node that is %s is out of reach, and it is said why', (_, changes, words) => {
  const down = facts({ nodes: [{ ...node, kind: 'down', ...changes }] })
  expect(found(down)).toMatchObject({ 'node-unreachable a': true })
  expect(sentence(down, 'node-unreachable')).toBe(words)
})

test.each<[string, Partial<NodeBrief>]>([
  ['in maintenance', { kind: 'out', duty: 'maintenance' }],
  ['copied, and in maintenance', { kind: 'down', duty: 'maintenance' }],
  ['taken out of the fleet', { kind: 'retired' }],
])('nothing is looked at of a node that is %s, nor of its streams', (_, changes) => {
  const asked = Object.keys(found(facts({ nodes: [{ ...node, ...changes }] })))
  expect(asked).toEqual(['prober-doubted IPv6', 'prober-doubted IPv4'])
})

test('what the prober misses while it is in doubt itself is told as its own trouble, once', () => {
  const doubtful: NodeBrief = { ...node, kind: 'doubtful', missedOver: [6] }
  const since = ago(60)
  const doubts = [{ kind: 'freeze', family: 6, since, failing: 9, lately: 12 }] as const
  expect(found(facts({ nodes: [doubtful] }))).toMatchObject({ 'node-doubtful a': true })
  const held = facts({ nodes: [doubtful], doubts: [...doubts] })
  expect(found(held)).toMatchObject({ 'node-doubtful a': false, 'prober-doubted IPv6': true })
  expect(sentence(held, 'prober-doubted')).toBe('9 of 12 nodes fail their probes over IPv6 at once.')
})

test('a stream is lost with its node, and waits for its encoder; one that has ended is well', () => {
  const of = (state: StreamView['state']) => facts({ streams: [{ ...stream, state, stateSince: ago(90) }] })
  expect(found(of('lost'))).toMatchObject({ 'stream-lost harbour': true, 'encoder-away harbour': false })
  expect(sentence(of('lost'), 'stream-lost')).toBe(
    'depot has not spoken of it for 1 min, and did not end it.',
  )
  expect(found(of('waiting'))).toMatchObject({ 'stream-lost harbour': false, 'encoder-away harbour': true })
  expect(found(of('ended'))).toMatchObject({ 'stream-lost harbour': false, 'encoder-away harbour': false })
})

test('an encoder that is slower than its source is told in percent of real time, while the stream is live', () => {
  const speeds = new Map([['harbour', 0.934]])
  expect(found(facts({ speeds }))).toMatchObject({ 'encoder-behind harbour': 93 })
  expect(sentence(facts({ speeds }), 'encoder-behind')).toBe('It is encoded at 93 % of real time.')
  const waiting = facts({ speeds, streams: [{ ...stream, state: 'waiting' }] })
  expect(found(waiting)).toMatchObject({ 'encoder-behind harbour': undefined })
})

test('how worn a memory is, is what the most worn says of itself', () => {
  const told = facts({ health: new Map([['a', { ...health, wornPercent: 90 }]]) })
  expect(found(told)).toMatchObject({ 'card-worn a': 90 })
})
