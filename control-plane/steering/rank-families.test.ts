import { expect, test } from 'vitest'
import { both, FOUR, fourWayTo, SIX, viewingOf, wayTo } from './fake-copies.ts'
import { pathwaysFor } from './rank-pathways.ts'
import type { Viewing } from './rank-rules.ts'

const v4 = { address: '45.80.1.1' }

test.each<[string, string, Partial<Viewing>?]>([
  ['over IPv6 who has that', `[${SIX.a}]`],
  ['over IPv4 who has that', FOUR.a, v4],
  ['over IPv6 who plays from there, though he asks by IPv4', `[${SIX.a}]`, { ...v4, present: wayTo('a') }],
  ['over IPv4 who plays from there, though he asks by IPv6', FOUR.a, { present: fourWayTo('a') }],
  ['over IPv4 who has IPv6 and asks to be spared it', FOUR.a, { exclude: [wayTo('a')] }],
  ['over IPv4 whose player opens nothing else', FOUR.a, { onlyFour: true }],
  ['over IPv6 who came by IPv4 and has both', `[${SIX.a}]`, { ...v4, six: true }],
  [
    'over IPv4 who has both and asks to be spared the other',
    FOUR.a,
    { ...v4, six: true, exclude: [wayTo('a')] },
  ],
])('a node that is found in both families gets %s', (_, host, asked) => {
  const [first] = pathwaysFor({
    stream: { session: 's00000000000a', copies: [both('a')] },
    relay: { port: 8080 },
    viewing: viewingOf(asked),
  })
  expect(first?.host).toBe(`${host}:8084`)
})
