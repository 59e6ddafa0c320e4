import { expect, test } from 'vitest'
import { type Line, reachOrigin } from './reach-origin.ts'

const v6 = { address: '2a01:4f8::a', port: 8084 }
const v4 = { address: '45.66.1.1', port: 80 }
const here = { address: '127.0.0.1', port: 8084 }

test.each<[string, Line[], (typeof v6)[], string | undefined, boolean?]>([
  ['IPv6 to IPv6', ['IPv6'], [v6], '[2a01:4f8::a]:8084', true],
  ['IPv6 alone to an origin that has IPv4 too', ['IPv6'], [v4, v6], '[2a01:4f8::a]:8084', true],
  ['both to the address that is found first', ['IPv6', 'IPv4'], [v4, v6], '45.66.1.1:80', true],
  ['IPv4 to IPv4', ['IPv4'], [v4], '45.66.1.1:80', true],
  ['IPv4 to an origin that has IPv4 too', ['IPv4'], [v6, v4], '45.66.1.1:80', true],
  ['IPv4 alone to IPv6 alone', ['IPv4'], [v6], undefined],
  ['IPv6 to IPv4 alone, which it likely has as well', ['IPv6'], [v4], '45.66.1.1:80', false],
  ['on one machine', ['loopback IPv4'], [here], '127.0.0.1:8084', true],
  ['from another machine', ['IPv4', 'IPv6'], [here], undefined],
  ['to another machine', ['loopback IPv4', 'loopback IPv6'], [v4, v6], undefined],
])('%s', (_, lines, places, from, sure) => {
  expect(reachOrigin(places, lines)).toEqual(from && { from, sure })
})
