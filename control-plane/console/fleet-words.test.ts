import { expect, test } from 'vitest'
import { isDoubted } from '../nodes/node-list.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { briefOf } from './fake-brief.ts'
import { egressSentence, type Fleet, fleetMatters, fleetSentence, incidentSentence } from './fleet-words.ts'

const now = new Date('2026-11-20T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)

const probe = (family: 4 | 6, is: boolean, cause?: string) => ({
  family,
  is,
  since: ago(600),
  checkedAt: ago(5),
  ...(cause && { cause }),
})
const well: NodeView = {
  id: 'a'.repeat(20),
  name: 'depot',
  enrolledAt: ago(86_400),
  alive: { is: true, since: ago(3600) },
  reachable: [probe(6, true)],
  streams: [],
}
const segment = { family: 6, is: false, since: ago(120), checkedAt: ago(5), stream: 's' } as const
const named = (name: string, changes: Partial<NodeView> = {}): NodeView => ({
  ...well,
  ...changes,
  id: name,
  name,
})
const { alive: _, ...neverHeard } = well
const fleetOf = (nodes: NodeView[]): Fleet => ({
  nodes: nodes.map((node) => briefOf(node, now)),
  doubted: nodes.filter((node) => isDoubted(briefOf(node, now))),
  ...{ streams: [], incidents: [], told: [] },
})
const draining = { duty: { is: 'draining', since: ago(60) } } as const
const inMaintenance = { duty: { is: 'maintenance', since: ago(60) } } as const
const stream = (state: StreamView['state']): StreamView => ({
  name: 's',
  title: 's',
  description: '',
  open: false,
  state,
})

test.each<[string, NodeView[], StreamView['state'][], string]>([
  ['an empty fleet', [], [], 'There is no node yet.'],
  ['a fleet of revoked nodes', [named('a', { revokedAt: ago(9) })], [], 'There is no node yet.'],
  ['one good node', [well], ['live'], 'The one node is reachable. 1 stream is live.'],
  ['two good nodes', [named('a'), named('b')], [], 'Both nodes are reachable. Nothing is live.'],
  [
    'three good nodes',
    [named('a'), named('b'), named('c')],
    ['live', 'live', 'never'],
    'All 3 nodes are reachable. 2 streams are live.',
  ],
  [
    'a node that just enrolled',
    [{ ...neverHeard, enrolledAt: ago(5) }],
    [],
    'A node is just arriving. Nothing is live.',
  ],
  [
    'a node that somebody works on, which is off',
    [named('a'), named('b', { ...inMaintenance, alive: { is: false, since: ago(60) } })],
    ['live'],
    'The one serving node is reachable. 1 node is in maintenance. 1 stream is live.',
  ],
  [
    'a fleet that is worked on',
    [named('a', inMaintenance)],
    [],
    'No node serves. 1 node is in maintenance. Nothing is live.',
  ],
  [
    'two nodes that are being emptied, one of them off',
    [named('a', draining), named('b', { ...draining, alive: { is: false, since: ago(60) } })],
    [],
    '1 node needs you. 2 nodes take no new viewers. Nothing is live.',
  ],
  [
    'one silent node',
    [named('a'), named('b', { alive: { is: false, since: ago(60) } })],
    ['lost'],
    '1 node needs you. Nothing is live, 1 interrupted.',
  ],
  [
    'two unreachable nodes',
    [named('a', { reachable: [probe(6, false)] }), named('b', { reachable: [probe(6, false)] })],
    ['ended'],
    '2 nodes need you. Nothing is live.',
  ],
  [
    'a revoked node beside a good one',
    [named('a'), named('b', { revokedAt: ago(9), alive: { is: false, since: ago(9) } })],
    [],
    'The one node is reachable. Nothing is live.',
  ],
])('of %s it says the truth first', (_, nodes, states, sentence) => {
  expect(fleetSentence({ ...fleetOf(nodes), streams: states.map(stream) }, now)).toBe(sentence)
})

test.each<[string, NodeView, RegExp | undefined]>([
  ['a node that is well', well, undefined],
  [
    'a silent node',
    { ...well, alive: { is: false, since: ago(720) } },
    /^has been silent for 12 min\. Nobody is sent there\.$/,
  ],
  [
    'a silent node, counted from its last beat and not from the end of its lease',
    { ...well, alive: { is: false, since: ago(1) }, heardAt: ago(26) },
    /^has been silent for 26 s\./,
  ],
  [
    'a silent node that was probed in vain',
    { ...well, alive: { is: false, since: ago(720) }, reachable: [probe(6, false)] },
    /silent/,
  ],
  [
    'a node behind a closed router',
    { ...well, reachable: [probe(6, false, 'No answer within three seconds.')] },
    /^is alive, but viewers have not reached it for 10 min\. No answer within three seconds\.$/,
  ],
  [
    'a node reachable over one family only',
    { ...well, reachable: [probe(6, false, 'It was refused'), probe(4, true)] },
    /^has not been reachable over IPv6 for 10 min\. It was refused\.$/,
  ],
  [
    'a node that was never heard',
    { ...neverHeard, enrolledAt: ago(180) },
    /^was enrolled 3 min ago and has not been heard since\.$/,
  ],
  ['a node that enrolled a moment ago', { ...neverHeard, enrolledAt: ago(3) }, undefined],
  [
    'a node whose card was copied',
    { ...well, quarantinedUntil: ago(-600) },
    /^is in quarantine: more than one machine speaks with its key\. Nobody is sent to any of them\.$/,
  ],
  [
    'a node whose card was copied, and of which nothing is heard any more',
    { ...well, quarantinedUntil: ago(-600), alive: { is: false, since: ago(60) } },
    /silent/,
  ],
  ['a node that no probe can be sent to', { ...well, reachable: [] }, /names no address/],
  [
    'a node behind a router that lets IPv4 out only',
    { ...well, reachable: [], addressCase: 'nat-v4' },
    /^is alive, but has no global IPv6 address that lasts, and IPv4 only behind a router: nobody outside can connect to it\.$/,
  ],
  ['a node without a prefix', { ...well, reachable: [], addressCase: 'ula-only' }, /lead nowhere outside\.$/],
  [
    'a node whose new address is still being probed',
    { ...well, claimed: '2001:4dd0::7', reachable: [] },
    undefined,
  ],
  ['a node that has just come', { ...well, alive: { is: true, since: ago(3) }, reachable: [] }, undefined],
  [
    'a node whose segments do not come',
    {
      ...well,
      streams: ['s'],
      segments: [{ ...segment, cause: 'Of s, the newest segment could not be fetched.' }],
    },
    /^answers over IPv6, but none .* for 2 min\. Of s, the newest segment could not be fetched\.$/,
  ],
  [
    'a stream that has just begun',
    { ...well, streams: ['s'], segments: [{ ...segment, since: ago(9) }] },
    undefined,
  ],
  [
    'a node whose segments did not come from a stream that is over',
    { ...well, segments: [segment] },
    undefined,
  ],
  [
    'a node that comes and goes',
    { ...well, standings: [{ family: 6, state: 'flapping', since: ago(60) }] },
    /^comes and goes over IPv6: /,
  ],
  ['a node in doubt', { ...well, standings: [{ family: 6, state: 'suspect', since: ago(6) }] }, undefined],
  ['a revoked node', { ...well, alive: { is: false, since: ago(720) }, revokedAt: ago(700) }, undefined],
])('what is the matter with %s', (_, node, words) => {
  const [matter] = fleetMatters([node], now)
  if (words) expect(matter?.what).toMatch(words)
  else expect(matter).toBeUndefined()
})

test('what to do about a node without an address for viewers depends on what it has instead', () => {
  const remedies = (['nat-v4', 'ula-only', 'none', 'global-v6'] as const).map(
    (addressCase) => fleetMatters([{ ...well, reachable: [], addressCase }], now)[0]?.remedy,
  )
  expect(remedies).toEqual([
    expect.stringContaining('CLAIMED_ADDRESS'),
    expect.stringContaining('hands on a prefix'),
    expect.stringContaining('cable'),
    'It needs a global IPv6 or a public IPv4 address.',
  ])
})

test('what nobody has measured is not claimed: that the relay helps', () => {
  for (const reachable of [[probe(6, false)], [probe(6, false), probe(4, true)]])
    expect(fleetMatters([{ ...well, reachable }], now)[0]?.remedy).not.toContain('relay')
})

test('what to do is what the last probe knows', () => {
  const remedy = 'In the router in front of the node, open TCP 8084.'
  const failing = { ...probe(6, false), remedy }
  for (const reachable of [[failing], [failing, probe(4, true)]])
    expect(fleetMatters([{ ...well, reachable }], now)[0]?.remedy).toBe(remedy)
})

test('while many seem to fail at once, the incident is told and not each node', () => {
  const freeze = { kind: 'freeze', family: 6, since: ago(120), failing: 3, lately: 4 } as const
  const held = named('held', {
    reachable: [probe(6, false)],
    standings: [{ family: 6, state: 'suspect', since: ago(120) }],
  })
  const fallen = named('fallen', {
    reachable: [probe(6, false)],
    standings: [{ family: 6, state: 'unreachable', since: ago(150) }],
  })
  expect(fleetMatters([held, fallen], now, [freeze]).map(({ node }) => node.name)).toEqual(['fallen'])
  expect(fleetMatters([held, fallen], now)).toHaveLength(2)
  expect(fleetSentence({ ...fleetOf([held]), incidents: [freeze] }, now)).toBe(
    'This control plane itself seems to be in trouble. Nothing is live.',
  )
  expect(incidentSentence(freeze, now)).toMatch(/^3 of 4 nodes have failed .* over IPv6 at once, for 2 min: /)
  const blind = { kind: 'blind', family: 6, since: ago(5), cause: 'connect ENETUNREACH' } as const
  expect(incidentSentence(blind, now)).toMatch(/unable to probe over IPv6 for 5 s \(connect ENETUNREACH\)/)
})

test('the worst stands first', () => {
  const matters = fleetMatters(
    [
      named('half', { reachable: [probe(6, false), probe(4, true)] }),
      named('unreachable', { reachable: [probe(6, false)] }),
      named('silent', { alive: { is: false, since: ago(60) } }),
    ],
    now,
  )
  expect(matters.map(({ node }) => node.name)).toEqual(['silent', 'unreachable', 'half'])
})

test('of more than are looked at it is counted who fails', () => {
  const many = Array.from({ length: 150 }, (_, at) =>
    named(`n${at}`, { alive: { is: false, since: ago(60) } }),
  )
  const fleet = fleetOf(many)
  expect(fleetSentence({ ...fleet, doubted: fleet.doubted.slice(0, 100) }, now)).toBe(
    '150 nodes need you. Nothing is live.',
  )
})

const load = { viewers: 40, bitsPerSecond: 120e6 }
test.each<[string, Partial<NodeView>[], string]>([
  ['no node tells', [{}], 'How many people watch is not known.'],
  ['nobody watches', [{ load: { viewers: 0, bitsPerSecond: 0 } }], 'Nobody is watching.'],
  [
    'no line was measured',
    [{ load: { viewers: 1, bitsPerSecond: 3e6 } }],
    '1 viewer takes 3.0 Mbit/s. What the lines can carry is not known.',
  ],
  [
    'one of two lines was measured',
    [{ load, budget: { bitsPerSecond: 480e6 } }, { load }],
    '80 viewers take 240 Mbit/s: 25 % of the 480 Mbit/s that its line may send.',
  ],
])('what viewers take when %s', (_, nodes, sentence) => {
  expect(egressSentence(nodes.map((changes) => briefOf({ ...well, ...changes }, now)))).toBe(sentence)
})

test('while many are held, a large fleet is not told that all of it needs somebody', () => {
  const suspect = [{ family: 6 as const, state: 'suspect' as const, since: ago(60) }]
  const fleet = fleetOf(
    Array.from({ length: 150 }, (_, at) =>
      named(`n${at}`, { reachable: [probe(6, false)], standings: suspect }),
    ),
  )
  const cut = { ...fleet, doubted: fleet.doubted.slice(0, 100) }
  const freeze = { kind: 'freeze', family: 6, since: ago(120), failing: 150, lately: 150 } as const
  expect(fleetSentence({ ...cut, incidents: [freeze] }, now)).toMatch(/^This control plane itself/)
  expect(fleetSentence(cut, now)).toMatch(/^150 nodes need you/)
  expect(fleetSentence({ ...cut, incidents: [{ ...freeze, family: 4 }] }, now)).toMatch(/^150 nodes need you/)
  const silent = named('silent', { standings: suspect, alive: { is: false, since: ago(60) } })
  const withSilent = { ...cut, nodes: [...cut.nodes, briefOf(silent, now)], incidents: [freeze] }
  expect(fleetSentence(withSilent, now), 'its silence is not the prober’s').toMatch(/^1 node needs you/)
})

test('what is in doubt is not said to be reachable, though nobody is needed yet', () => {
  const standings = [{ family: 6 as const, state: 'suspect' as const, since: ago(6) }]
  expect(fleetSentence(fleetOf([named('a', { standings }), named('b')]), now)).toBe(
    '1 node is in doubt. Nothing is live.',
  )
})
