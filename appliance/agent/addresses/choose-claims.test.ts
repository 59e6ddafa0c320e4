import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { expect, test } from 'vitest'
import { addressScope } from './address-scope.ts'
import { type Claims, chooseClaims } from './choose-claims.ts'

const [SIX, OTHER_SIX] = ['2a01:4f8:1::a', '2a01:4f8:2::a']
const [FOUR, ROUTER] = ['9.9.9.9', '45.66.1.1']
const HOME = '192.168.1.5'

const of = (address: string): NodeAddress => ({
  address,
  family: address.includes(':') ? 6 : 4,
  interface: 'eth0',
  prefixLength: 64,
  scope: addressScope(address),
  flags: [],
})

test.each<[string, string[], Claims, string?]>([
  ['nothing of a node with private addresses alone', ['fd00::2', HOME], {}],
  ['one family of a node that has one', [SIX, HOME], { first: SIX }],
  ['IPv4 of a node that has nothing else', ['fd00::2', FOUR], { first: FOUR }],
  ['both of a node that has both, IPv6 first', [FOUR, SIX], { first: SIX, other: FOUR }],
  ['what the installer has ordered, though it is not here', [HOME], { first: ROUTER }, ROUTER],
  ['his IPv4 first, and the IPv6 that changes beside it', [SIX, HOME], { first: ROUTER, other: SIX }, ROUTER],
  ['his IPv6 instead of its own', [SIX, FOUR], { first: OTHER_SIX, other: FOUR }, OTHER_SIX],
  [
    'nothing beside an order of loopback: the whole fleet is on this machine',
    [SIX, FOUR],
    { first: '127.0.0.2' },
    '127.0.0.2',
  ],
])('it claims %s', (_, addresses, expected, ordered) => {
  const known = { defaultInterfaces: ['eth0'], present: {}, ordered }
  expect(chooseClaims(addresses.map(of), known)).toEqual(expected)
})

test('in each family the present one is kept, and one that led out is taken', () => {
  const known = { defaultInterfaces: ['eth0'], present: { first: OTHER_SIX, other: FOUR } }
  const addresses = [SIX, OTHER_SIX, '9.9.9.8', FOUR].map(of)
  expect(chooseClaims(addresses, known)).toEqual({ first: OTHER_SIX, other: FOUR })
  expect(chooseClaims(addresses, { ...known, connected: SIX })).toEqual({ first: SIX, other: FOUR })
})
