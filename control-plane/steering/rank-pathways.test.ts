import { expect, test } from 'vitest'
import { both, copyOf, FOUR, four, type Letter, nodeIdOf, SIX, six, viewingOf, wayTo } from './fake-copies.ts'
import type { Copy } from './live-streams.ts'
import { pathwayId } from './pathway-id.ts'
import { pathwaysFor, rankPathways } from './rank-pathways.ts'
import type { Viewing } from './rank-rules.ts'

const local = (letter: string, address: string) => copyOf(letter, address)
/** Where the node was before. */
const formerWayTo = (letter: Letter) => pathwayId(nodeIdOf(letter), { address: '2a01:4f8::1', port: 8084 })

const unasked = { role: 'unasked' } as const
const suspect = { standing: 'suspect' } as const
const unreachable = { standing: 'unreachable', cause: 'It does not answer.' } as const
const flapping = { standing: 'flapping' } as const
const offline = { standing: 'offline' } as const
const justFound = { standing: 'pending' } as const
const draining = { standing: 'draining' } as const
const maintenance = { standing: 'maintenance' } as const
const pending = { standing: 'pending', at: undefined, cause: 'No probe has found it yet.' } as const
const rival = { session: 's00000000000b' }
const used = (share: number) => ({ load: { viewers: share * 100 }, budget: { viewers: 100 } })
const full = used(1)
/** Of 20 Mbit/s. */
const line = (megabits: number) => ({
  load: { bitsPerSecond: megabits * 1e6 },
  budget: { bitsPerSecond: 20e6 },
})
const v4 = { address: '45.80.1.1' }
const relayFull = { relay: { load: { bitsPerSecond: 2e7 }, budget: { bitsPerSecond: 2e7 } } }

type Asked = Partial<Viewing> & { relay?: Pick<Copy, 'load' | 'budget'>; cost?: number }
/** Letters of nodes and R for the relay, best first. By lot, this viewer's order is a, c, b. */
function ways(copies: Copy[], { relay, cost = 0, ...viewing }: Asked = {}): string {
  const question = {
    stream: { session: 's00000000000a', copies },
    relay: { port: 8080, ...relay },
    cost,
    viewing: viewingOf({ viewer: 'viewer 1', ...viewing }),
  }
  const chosen = pathwaysFor(question)
  const turned = pathwaysFor({
    ...question,
    stream: { ...question.stream, copies: copies.toReversed() },
  })
  expect(turned, 'the order of reading decides nothing').toEqual(chosen)
  return chosen.map(({ copy }) => copy?.node.id[0] ?? 'R').join(' ')
}

test.each<[string, string, Copy[], Asked?]>([
  ['nothing, while no node has it: the relay would have nowhere to fetch it from', '', []],
  ['the only node, and the relay', 'a R', [six('a')]],
  ['two nodes of three, and the relay', 'a c R', [six('a'), six('b'), six('c')]],
  // The viewer's family and the node's.
  ['IPv6 for a viewer with IPv6', 'a R', [six('a')]],
  ['IPv4 for a viewer with IPv4', 'a R', [four('a')], v4],
  ['the relay first for IPv4 and a node with IPv6', 'R a', [six('a')], v4],
  [
    'a node with IPv6 for who came by IPv4 and has found that he has both',
    'a R',
    [six('a')],
    { ...v4, six: true },
  ],
  ['a node with IPv4 for who came by IPv6: he nearly always has both', 'a R', [four('a')]],
  ['but rather a node with IPv6', 'b a R', [four('a'), six('b')]],
  ['and for IPv4 a node with IPv4, the relay, then IPv6', 'a R b', [four('a'), six('b')], v4],
  // A node that is found in both.
  ['a node with both for a viewer with IPv4', 'a R', [both('a')], v4],
  ['the relay first while it is lost over IPv4', 'R a', [both('a', unreachable)], v4],
  ['a node with both for who has IPv6, though it is lost over that', 'a R', [both('a', {}, unreachable)]],
  ['with both, neither family is better', 'a b R', [four('a'), six('b')], { ...v4, six: true }],
  [
    'a doubtful node of the sure family before a sure one of the other',
    'a b R',
    [six('a', suspect), four('b')],
  ],
  // A fleet on one machine.
  [
    'loopback for who is there',
    'a R',
    [local('a', '127.0.0.1')],
    { address: '127.0.0.1', requestHost: 'localhost' },
  ],
  [
    'loopback of one family for who came by the other',
    'a R',
    [local('a', '127.0.0.1')],
    { address: '::1', requestHost: '[::1]' },
  ],
  [
    'the first node for who came by the machine’s own address',
    'a R',
    [local('a', '127.0.0.1')],
    { address: '192.168.1.9', requestHost: '192.168.1.5' },
  ],
  [
    'the relay alone for the other nodes of that machine',
    'R',
    [local('b', '127.0.0.2')],
    { address: '192.168.1.9', requestHost: '192.168.1.5' },
  ],
  // Who holds the stream.
  ['no node with another session', 'a R', [six('a'), six('c', rival)]],
  ['not even if it is the only one', 'R', [six('c', rival)]],
  ['who was not asked to copy it after the origin', 'b a R', [six('a', unasked), six('b')]],
  ['of those who were not asked two as well', 'a c R', [six('a', unasked), six('c', unasked)]],
  ['an unasked copy that is well before a doubtful origin', 'b a R', [six('a', suspect), six('b', unasked)]],
  // How nodes stand.
  ['healthy before suspect', 'b a R', [six('a', suspect), six('b')]],
  ['suspect before nothing', 'a R', [six('a', suspect)]],
  ['no unreachable node', 'b R', [six('a', unreachable), six('b')]],
  ['no unreachable node though it is the only one', 'R', [six('a', unreachable)]],
  ['no node that nobody has found yet', 'b R', [six('a', pending), six('b')]],
  ['no node that is off', 'b R', [six('a', offline), six('b')]],
  ['healthy before one that comes and goes', 'b a R', [six('a', flapping), six('b')]],
  ['one that comes and goes before the relay', 'a R', [six('a', flapping)]],
  ['a node at the moment it is found', 'a R', [six('a', justFound)]],
  ['rather one that is known for longer', 'b a R', [six('a', justFound), six('b')]],
  // What operators say.
  ['no node that is being emptied', 'b R', [six('a', draining), six('b')]],
  ['nor one that somebody works on', 'R', [six('a', maintenance)]],
  [
    'last the one that is being emptied, if he is there',
    'R a',
    [six('a', draining)],
    { present: wayTo('a') },
  ],
  [
    'a doubtful node rather than the one he is at, if that is being emptied',
    'b R a',
    [six('a', maintenance), six('b', suspect)],
    { present: wayTo('a') },
  ],
  // The same site.
  ['who shares the viewer’s /56', 'b a R', [six('a'), six('b')], { address: '2a01:4f8:2:1ff::9' }],
  [
    'nobody better for another /56 of the same /48',
    'a b R',
    [six('a'), six('b')],
    { address: '2a01:4f8:2:200::9' },
  ],
  ['who shares the viewer’s IPv4 address', 'b a R', [four('a'), four('b')], { address: FOUR.b }],
  [
    'whose heartbeat comes from the viewer’s IPv4 address',
    'b a R',
    [four('a'), four('b', { source: '45.66.9.9' })],
    { address: '45.66.9.9' },
  ],
  [
    'no private address for a site',
    'a b R',
    [six('a'), six('b', { source: '192.168.1.5' })],
    { address: '192.168.1.5', six: true },
  ],
  [
    'a healthy node elsewhere before a doubtful one at the site',
    'a b R',
    [six('a'), six('b', suspect)],
    { address: '2a01:4f8:2:100::9' },
  ],
  [
    'the site before where the viewer is',
    'b a R',
    [six('a'), six('b')],
    { address: '2a01:4f8:2:100::9', present: wayTo('a') },
  ],
  // Where the viewer is.
  ['where the viewer is', 'b a R', [six('a'), six('b')], { present: wayTo('b') }],
  [
    'where the viewer is, third though it would be',
    'b a R',
    [six('a'), six('b'), six('c')],
    { present: wayTo('b') },
  ],
  ['the same node under its new address', 'b a R', [six('a'), six('b')], { present: formerWayTo('b') }],
  [
    'a healthy node instead of his doubtful one',
    'a b R',
    [six('a'), six('b', suspect)],
    { present: wayTo('b') },
  ],
  [
    'his doubtful node before another doubtful one',
    'b a R',
    [six('a', suspect), six('b', suspect)],
    { present: wayTo('b') },
  ],
  ['his doubtful node before the relay', 'b R', [six('b', suspect)], { present: wayTo('b') }],
  [
    'his node before the headroom of another',
    'b a R',
    [six('a', used(0.1)), six('b', used(0.9))],
    { present: wayTo('b') },
  ],
  ['a node for who is at the relay', 'a R', [six('a')], { present: 'relay' }],
  ['as ever for who is at a node that has gone', 'a R', [six('a')], { present: wayTo('c') }],
  // Headroom and budgets.
  ['more headroom', 'b a R', [six('a', used(0.9)), six('b', used(0.1))]],
  ['in steps: hardly more is no more', 'a b R', [six('a', used(0.45)), six('b', used(0.1))]],
  ['an unknown load between little and much', 'c b R', [six('a', used(0.9)), six('b'), six('c', used(0.1))]],
  [
    'the budget that is used up most',
    'b a R',
    [
      six('a', { load: { viewers: 1, bitsPerSecond: 9 }, budget: { viewers: 100, bitsPerSecond: 10 } }),
      six('b', used(0.2)),
    ],
  ],
  ['no node over its budget', 'b R', [six('a', full), six('b', used(0.9))]],
  [
    'no node over its bits per second',
    'R',
    [six('a', { load: { bitsPerSecond: 21e6 }, budget: { bitsPerSecond: 20e6 } })],
  ],
  ['no node whose budget is nothing', 'R', [six('a', { load: { viewers: 0 }, budget: { viewers: 0 } })]],
  ['no node whose line has no room for one more like him', 'R', [six('a', line(18))], { cost: 3e6 }],
  ['one that has just enough', 'a R', [six('a', line(17))], { cost: 3e6 }],
  [
    'his node though it has no room for one more',
    'a R',
    [six('a', line(20))],
    { cost: 3e6, present: wayTo('a') },
  ],
  ['a node whose load nobody knows', 'a R', [six('a', { budget: { viewers: 1 } })]],
  ['the relay when every node is full', 'R', [six('a', full), six('b', full)]],
  ['nothing when the relay is full too', '', [six('a', full)], relayFull],
  ['nodes alone when the relay is full', 'a', [six('a')], relayFull],
  ['his full node to who is there already', 'a R', [six('a', full)], { present: wayTo('a') }],
  ['the full relay to who is there already', 'R', [six('a', full)], { ...relayFull, present: 'relay' }],
  // What the player asks to be spared.
  ['last what the player asks to be spared', 'b R a', [six('a'), six('b')], { exclude: [wayTo('a')] }],
  ['the relay last, if so', 'a R', [six('a')], { exclude: ['relay'] }],
  ['it all the same when there is nothing else', 'a R', [six('a')], { exclude: [wayTo('a'), 'relay'] }],
])('a viewer is given %s', (_, expected, copies, asked) => {
  expect(ways(copies, asked)).toBe(expected)
})

test('viewers are shared among equals, and a node that goes moves its own viewers alone', () => {
  const firsts = (...letters: Letter[]) =>
    Array.from(
      { length: 300 },
      (_, at) =>
        ways(
          letters.map((letter) => six(letter)),
          { viewer: `v${at}` },
        )[0],
    )
  const [all, without] = [firsts('a', 'b', 'c'), firsts('a', 'b')]
  for (const letter of 'abc') expect(all.filter((first) => first === letter).length).toBeGreaterThan(70)
  expect(without.filter((first, at) => first !== all[at])).toEqual(without.filter((_, at) => all[at] === 'c'))
})

test('every way that was thought of is there with the reason', () => {
  const copies = [six('a'), six('b', suspect), six('c', unreachable), four('c', rival)]
  const explained = rankPathways({
    stream: { session: 's00000000000a', copies },
    relay: { port: 8080 },
    viewing: viewingOf(),
  })
  expect(explained.map(({ chosen, host, why }) => [chosen, host, why])).toEqual([
    [true, `[${SIX.a}]:8084`, 'Nothing is better.'],
    [true, `[${SIX.b}]:8084`, 'After the one before it: its last probe or heartbeat leaves a doubt.'],
    [
      true,
      'live.example:8080',
      'After the one before it: it is less certain that the viewer can reach its address.',
    ],
    [false, `[${SIX.c}]:8084`, 'Viewers cannot reach it. It does not answer.'],
    [
      false,
      `${FOUR.c}:8084`,
      'It has another session of the stream, whose pictures do not continue those of the origin.',
    ],
  ])
})
