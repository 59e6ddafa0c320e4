import { expect, test } from 'vitest'
import { lotOf, quickHash } from './mirror-lot.ts'
import { MOST_PER_NODE } from './mirror-obstacle.ts'
import {
  type MirroredStream,
  type MirrorNode,
  PATIENCE_MS,
  type PlannedOrder,
  planMirrors,
} from './plan-mirrors.ts'

const now = new Date('2026-01-01T12:00:00Z')
const before = (ms: number) => new Date(now.getTime() - ms)
const SESSION = 's00000000000a'
const ORIGIN = { address: '2a01:4f8::a', port: 8084 }

type Changes = Partial<MirrorNode> & { site?: string }
const node = (id: string, { site = `site ${id}`, ...changes }: Changes = {}): MirrorNode => ({
  id,
  name: `node ${id}`,
  lines: ['IPv6'],
  sites: () => [site],
  standing: 'healthy',
  ...changes,
})
const stream = (changes: Partial<MirroredStream> = {}): MirroredStream => ({
  name: 'golive',
  session: SESSION,
  origin: { nodeId: 'a', places: [ORIGIN] },
  choice: { copies: 2 },
  heldUntil: new Map(),
  ...changes,
})
const order = (nodeId: string, changes: Partial<PlannedOrder> = {}): PlannedOrder => ({
  stream: 'golive',
  session: SESSION,
  nodeId,
  from: '[2a01:4f8::a]:8084',
  since: before(10_000),
  ...changes,
})

type Facts = { streams?: MirroredStream[]; nodes: MirrorNode[]; orders?: PlannedOrder[] }
/** The plan, and the same for facts that come in another order. */
function plan({ streams = [stream()], nodes, orders = [] }: Facts) {
  const planned = planMirrors({ streams, nodes, orders, now })
  const turned = planMirrors({
    streams: streams.toReversed(),
    nodes: nodes.toReversed(),
    orders: orders.toReversed(),
    now,
  })
  expect(turned.orders).toEqual(planned.orders)
  return planned
}
const copiedBy = (facts: Facts) => plan(facts).orders.map(({ nodeId }) => nodeId)
const lacksOf = (facts: Facts) => plan(facts).lacks.get('golive')

test('a stream is copied by as many nodes as are wanted, the origin counted, and never by its origin', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((id) => node(id))
  expect(copiedBy({ nodes, streams: [stream({ choice: { copies: 1 } })] })).toEqual([])
  expect(copiedBy({ nodes })).toHaveLength(1)
  const three = copiedBy({ nodes, streams: [stream({ choice: { copies: 4 } })] })
  expect(three.sort()).toEqual(['b', 'c', 'd'])
})

test('an order says which session is copied, from where, since when', () => {
  expect(plan({ nodes: [node('a'), node('b')] })).toEqual({
    orders: [order('b', { since: now })],
    lacks: new Map(),
  })
})

test('a stream that nobody publishes has no orders', () => {
  expect(plan({ streams: [], nodes: [node('a'), node('b')], orders: [order('b')] }).orders).toEqual([])
})

test.each<[string, Changes]>([
  ['has not been found yet', { standing: 'pending' }],
  ['is in doubt', { standing: 'suspect' }],
  ['comes and goes', { standing: 'flapping' }],
  ['is unreachable', { standing: 'unreachable' }],
  ['is offline', { standing: 'offline' }],
  ['is silent', { standing: 'silent' }],
  ['is revoked', { barred: 'revoked' }],
  ['is quarantined', { barred: 'quarantined' }],
  ['is draining', { barred: 'draining' }],
  ['has no address of the origin’s family', { lines: ['IPv4'] }],
  ['sends as much as it may', { usedShare: 1 }],
])('nobody is told to copy who %s', (_, changes) => {
  expect(copiedBy({ nodes: [node('a'), node('b', changes)] })).toEqual([])
})

test.each<[string, Changes]>([
  ['is in doubt', { standing: 'suspect' }],
  ['comes and goes', { standing: 'flapping' }],
  ['has just moved', { standing: 'pending' }],
  ['sends as much as it may', { usedShare: 1.2 }],
  ['stands at the origin’s site, as another does not', { site: 'site a' }],
])('who copies goes on while it %s', (_, changes) => {
  const nodes = [node('a'), node('b', changes), node('c', { usedShare: 0 })]
  expect(copiedBy({ nodes, orders: [order('b')] })).toEqual(['b'])
})

test.each<[string, Partial<MirrorNode> | undefined]>([
  ['is unreachable', { standing: 'unreachable' }],
  ['is offline', { standing: 'offline' }],
  ['is silent', { standing: 'silent' }],
  ['is revoked', { barred: 'revoked' }],
  ['is quarantined', { barred: 'quarantined' }],
  ['is draining', { barred: 'draining' }],
  ['is gone', undefined],
])('another takes the place of a mirror that %s', (_, changes) => {
  const nodes = [node('a'), ...(changes ? [node('b', changes)] : []), node('c')]
  expect(copiedBy({ nodes, orders: [order('b')] })).toEqual(['c'])
})

test('a mirror that comes back does not take its place again', () => {
  expect(copiedBy({ nodes: [node('a'), node('b'), node('c')], orders: [order('c')] })).toEqual(['c'])
})

test('the origin that moves to its mirror leaves the mirror’s place to another', () => {
  const streams = [stream({ origin: { nodeId: 'b', places: [ORIGIN] } })]
  expect(copiedBy({ streams, nodes: [node('a'), node('b')], orders: [order('b')] })).toEqual(['a'])
})

test('a new session is copied by who copied the last one, and anew', () => {
  const next = 's00000000000b'
  const facts = { streams: [stream({ session: next })], nodes: [node('a'), node('b'), node('c')] }
  for (const id of ['b', 'c'])
    expect(plan({ ...facts, orders: [order(id)] }).orders).toEqual([order(id, { session: next, since: now })])
})

test('an origin that has moved is fetched from where it is now', () => {
  const places = [{ address: '45.66.1.1', port: 80 }]
  const nodes = [node('a'), node('b', { lines: ['IPv4'] })]
  const { orders } = plan({
    streams: [stream({ origin: { nodeId: 'a', places } })],
    nodes,
    orders: [order('b')],
  })
  expect(orders).toEqual([order('b', { from: '45.66.1.1:80' })])
})

test('a mirror that cannot reach the origin’s new address makes room for one that can', () => {
  const streams = [stream({ origin: { nodeId: 'a', places: [ORIGIN] } })]
  const nodes = [node('a'), node('b', { lines: ['IPv4'] }), node('c')]
  expect(copiedBy({ streams, nodes, orders: [order('b', { from: '45.66.1.1:80' })] })).toEqual(['c'])
})

test('another site than the origin’s comes first, then headroom', () => {
  const near = node('b', { site: 'site a', usedShare: 0 })
  const busy = node('c', { usedShare: 0.9 })
  const free = node('d', { usedShare: 0.4 })
  expect(copiedBy({ nodes: [node('a'), near] })).toEqual(['b'])
  expect(copiedBy({ nodes: [node('a'), near, busy] })).toEqual(['c'])
  expect(copiedBy({ nodes: [node('a'), near, busy, free] })).toEqual(['d'])
})

test('two mirrors stand at two sites', () => {
  const nodes = [
    node('a'),
    node('b', { site: 'x' }),
    node('c', { site: 'x' }),
    node('d', { site: 'x' }),
    node('e'),
  ]
  expect(copiedBy({ nodes, streams: [stream({ choice: { copies: 3 } })] })).toContain('e')
})

test('who only likely reaches the origin is chosen when nobody surely does', () => {
  const streams = [stream({ origin: { nodeId: 'a', places: [{ address: '45.66.1.1', port: 80 }] } })]
  const likely = node('b', { usedShare: 0 })
  expect(copiedBy({ streams, nodes: [node('a'), likely] })).toEqual(['b'])
  expect(
    copiedBy({ streams, nodes: [node('a'), likely, node('c', { lines: ['IPv4'], usedShare: 0.9 })] }),
  ).toEqual(['c'])
})

test('the lot spreads streams evenly, and a node that goes moves only what it copied', () => {
  const nodes = Array.from({ length: 11 }, (_, at) => node(`n${at}`))
  const streams = Array.from({ length: 100 }, (_, at) =>
    stream({ name: `s${at}`, origin: { nodeId: 'n0', places: [ORIGIN] } }),
  )
  const first = plan({ nodes, streams }).orders
  const counts = [...Map.groupBy(first, ({ nodeId }) => nodeId).values()].map(({ length }) => length)
  expect(counts).toHaveLength(10)
  expect([Math.min(...counts) >= 3, Math.max(...counts) <= MOST_PER_NODE]).toEqual([true, true])
  const without = plan({ nodes: nodes.filter(({ id }) => id !== 'n3'), streams }).orders
  const moved = first.filter(
    ({ stream, nodeId }) => without.find((each) => each.stream === stream)?.nodeId !== nodeId,
  )
  expect(new Set(moved.map(({ nodeId }) => nodeId))).toEqual(new Set(['n3']))
})

test('loads that change move nobody', () => {
  const loaded = (shares: number[]) => [
    node('a'),
    ...shares.map((usedShare, at) => node(`n${at}`, { usedShare })),
  ]
  const { orders } = plan({ nodes: loaded([0.9, 0.1, 0.9]) })
  expect(orders[0]?.nodeId).toBe('n1')
  expect(plan({ nodes: loaded([0.1, 0.99, 0.1]), orders }).orders).toEqual(orders)
})

test('a node copies no more than it may, and what it copies already it keeps', () => {
  const streams = Array.from({ length: MOST_PER_NODE + 2 }, (_, at) => stream({ name: `s${at + 10}` }))
  const planned = plan({ streams, nodes: [node('a'), node('b')] })
  expect(planned.orders).toHaveLength(MOST_PER_NODE)
  expect([...planned.lacks.values()]).toEqual([[{ obstacles: ['limit'] }], [{ obstacles: ['limit'] }]])
  const orders = streams.map(({ name }) => order('b', { stream: name }))
  expect(plan({ streams, nodes: [node('a'), node('b')], orders }).orders).toHaveLength(MOST_PER_NODE + 2)
})

test('copies that are not wanted any more end, the newest first, and who has none yet before who has', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((id) => node(id))
  const orders = [order('b', { since: before(90_000) }), order('c', { since: before(80_000) })]
  const heldUntil = new Map([
    ['b', before(-5000)],
    ['c', before(-5000)],
  ])
  expect(copiedBy({ nodes, orders, streams: [stream({ heldUntil })] })).toEqual(['b'])
  heldUntil.set('b', before(5000))
  expect(copiedBy({ nodes, orders, streams: [stream({ heldUntil })] })).toEqual(['c'])
})

test('who does not begin to copy in time makes room for another, and for nobody if there is nobody', () => {
  const orders = [order('b', { since: before(PATIENCE_MS) })]
  expect(copiedBy({ nodes: [node('a'), node('b')], orders })).toEqual(['b'])
  expect(copiedBy({ nodes: [node('a'), node('b'), node('c')], orders })).toEqual(['c'])
  const heldUntil = new Map([['b', before(PATIENCE_MS - 1)]])
  expect(
    copiedBy({ nodes: [node('a'), node('b'), node('c')], orders, streams: [stream({ heldUntil })] }),
  ).toEqual(['b'])
})

test('while the origin is silent, its mirrors go on, and nobody else begins', () => {
  const { origin: _, ...silent } = stream({ choice: { copies: 3 } })
  const facts = { streams: [silent], nodes: [node('a'), node('b'), node('c')], orders: [order('b')] }
  expect(copiedBy(facts)).toEqual(['b'])
  expect(lacksOf(facts)).toEqual([{ obstacles: ['silent-origin'] }])
})

test('nobody copies from an origin that no probe has found', () => {
  const facts = { streams: [stream({ origin: { nodeId: 'a', places: [] } })], nodes: [node('a'), node('b')] }
  expect(copiedBy(facts)).toEqual([])
  expect(lacksOf(facts)).toEqual([{ obstacles: ['unfound-origin'] }])
  expect(copiedBy({ ...facts, orders: [order('b')] })).toEqual(['b'])
})

const pinned = (...nodes: string[]) => [stream({ choice: { nodes } })]

test('who is named copies, and nobody else in its place', () => {
  const nodes = [node('a'), node('b'), node('c'), node('d', { standing: 'unreachable' })]
  expect(copiedBy({ nodes, streams: pinned('b', 'c') })).toEqual(['b', 'c'])
  expect(copiedBy({ nodes, streams: pinned('c'), orders: [order('b')] })).toEqual(['c'])
  const facts = { nodes, streams: pinned('c', 'd'), orders: [order('d')] }
  expect(copiedBy(facts)).toEqual(['c'])
  expect(lacksOf(facts)).toEqual([{ nodeId: 'd', obstacles: ['unreachable'] }])
})

test('who is named is told again and again to copy', () => {
  const orders = [order('b', { since: before(10 * PATIENCE_MS) })]
  expect(copiedBy({ nodes: [node('a'), node('b'), node('c')], streams: pinned('b'), orders })).toEqual(['b'])
})

test('the origin does not copy itself, though it is named', () => {
  expect(lacksOf({ nodes: [node('a')], streams: pinned('a') })).toEqual([
    { nodeId: 'a', obstacles: ['origin'] },
  ])
})

test.each<[string, MirrorNode[], string[]]>([
  ['there is none', [node('a')], []],
  ['none stands healthy', [node('a'), node('b', { standing: 'offline' })], ['offline']],
  ['none gets there', [node('a'), node('b', { lines: ['IPv4'] })], ['reach']],
])('of a copy that is wanted and has nobody is said why: %s', (_, nodes, obstacles) => {
  expect(lacksOf({ nodes })).toEqual([{ obstacles }])
})

test('the lot is drawn evenly', () => {
  const firsts = Array.from({ length: 3000 }, (_, at) => {
    const lots = ['aaaa', 'aaab', 'aaac'].map((id) => lotOf(quickHash(`stream-${at}`), quickHash(id)))
    return lots.indexOf(Math.min(...lots))
  })
  for (const id of [0, 1, 2]) expect(firsts.filter((each) => each === id).length).toBeGreaterThan(850)
})
