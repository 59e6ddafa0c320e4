import { expect, test } from 'vitest'
import {
  lineSpeedScript,
  type Trouble,
  troubleRules,
  troublesAt,
  troubleWords,
  withTrouble,
} from './troubles.ts'

const rules = (...troubles: Trouble[]) =>
  troubleRules(troubles)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.endsWith('drop'))

test.each<[Trouble, string[]]>([
  [{ kind: 'blackhole', node: 1 }, ['oifname "to-node-1" drop', 'iifname "to-node-1" drop']],
  [{ kind: 'inbound', node: 2 }, ['oifname "to-node-2" tcp dport { 80, 443, 1935, 8083, 8084 } drop']],
  [{ kind: 'filter', node: 1 }, ['oifname "to-node-1" ct state new drop']],
  [{ kind: 'cut', from: 'cloud' }, ['oifname "to-cloud" drop', 'iifname "to-cloud" drop']],
  [
    { kind: 'cut', from: 3, whom: 'cloud' },
    ['oifname "to-node-3" iifname "to-cloud" drop', 'iifname "to-node-3" oifname "to-cloud" drop'],
  ],
  [
    { kind: 'cut', from: 3, whom: 'viewer-6' },
    ['oifname "to-node-3" iifname "to-viewer-6" drop', 'iifname "to-node-3" oifname "to-viewer-6" drop'],
  ],
  [{ kind: 'blind' }, ['iifname "to-cloud" meta nfproto ipv6 ct state new drop']],
  [
    { kind: 'lossy', node: 1, percent: 2.5 },
    [
      'oifname "to-node-1" numgen random mod 10000 < 250 drop',
      'iifname "to-node-1" numgen random mod 10000 < 250 drop',
    ],
  ],
  [{ kind: 'slow', node: 1, mbit: 2 }, []],
])('%j is these rules', (trouble, expected) => expect(rules(trouble)).toEqual(expected))

test('where nothing is wrong nothing is dropped, but connections are followed for the filter to come', () => {
  expect(rules()).toEqual([])
  expect(troubleRules([])).toContain('ct state')
})

test('new rules take the place of the old ones in one step, also when there were none', () => {
  expect(troubleRules([])).toMatch(/^table inet lab\ndelete table inet lab\ntable inet lab \{/)
})

test('the same trouble in another measure replaces the old, others stay', () => {
  const before: Trouble[] = [
    { kind: 'slow', node: 1, mbit: 2 },
    { kind: 'slow', node: 2, mbit: 2 },
    { kind: 'lossy', node: 1, percent: 1 },
  ]
  const after = withTrouble(before, { kind: 'slow', node: 1, mbit: 5 })
  expect(after).toEqual([...before.slice(1), { kind: 'slow', node: 1, mbit: 5 }])
  expect(withTrouble(after, { kind: 'cut', from: 'cloud' })).toHaveLength(4)
  const cut = withTrouble(after, { kind: 'cut', from: 1, whom: 'cloud' })
  expect(withTrouble(cut, { kind: 'cut', from: 1, whom: 'viewer-6' })).toHaveLength(5)
})

test('a line is slow at both of its ends, and as fast as before when it is not', () => {
  expect(lineSpeedScript([{ kind: 'slow', node: 2, mbit: 2.5 }], 2).split('\n')).toEqual([
    'tc qdisc delete dev to-node-1 root 2>/dev/null || true',
    'nsenter --net=/run/netns/node-1 -- tc qdisc delete dev eth0 root 2>/dev/null || true',
    'tc qdisc replace dev to-node-2 root tbf rate 2.5mbit burst 64k latency 300ms',
    'nsenter --net=/run/netns/node-2 -- tc qdisc replace dev eth0 root tbf rate 2.5mbit burst 64k latency 300ms',
  ])
})

test('what is wrong is told at the place where it is wrong', () => {
  const troubles: Trouble[] = [
    { kind: 'blind' },
    { kind: 'cut', from: 1, whom: 'cloud' },
    { kind: 'lossy', node: 1, percent: 3 },
  ]
  expect(troublesAt(troubles, 'cloud').map(troubleWords)).toEqual(['opens no connection over IPv6'])
  expect(troublesAt(troubles, 'node-1').map(troubleWords)).toEqual(['cut off from the cloud', 'loses 3 %'])
  expect(troublesAt(troubles, 'node-2')).toEqual([])
})
