import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { expect, test } from 'vitest'
import { addressScope } from './address-scope.ts'
import { steadyAddress } from './steady-address.ts'

const PLAIN = '2a01:4f8:1::a'
const FIXED = '2a01:4f8:1::80'

test.each<[string, NodeAddress[], string | undefined]>([
  [
    'nothing does for a node with private addresses only',
    [of('fd00::2'), of('10.0.0.2'), of('::1')],
    undefined,
  ],
  ['temporary ones are gone tomorrow', [of('2a01:4f8:1::1', ['temporary']), of(PLAIN)], PLAIN],
  ['deprecated ones are of the prefix before', [of('2a01:4f8:0::1', ['deprecated']), of(PLAIN)], PLAIN],
  ['a doubled one belongs to somebody else', [of(FIXED, ['dadfailed', 'permanent'])], undefined],
  ['one that is still being checked may be doubled', [of(FIXED, ['tentative', 'permanent'])], undefined],
  ['one set by hand lasts', [of(PLAIN), of(FIXED, ['permanent'])], FIXED],
  ['the interface of the default route comes first', [of(FIXED, ['permanent'], 'wlan0'), of(PLAIN)], PLAIN],
  [
    'one made from the prefix lasts longer than a lease',
    [lasting(FIXED, 9000, 'dhcp'), lasting(PLAIN, 60, 'slaac')],
    PLAIN,
  ],
  ['of two alike the longer one', [lasting(FIXED, 3600), lasting(PLAIN, 3601)], PLAIN],
  ['IPv4 is better than nothing', [of('fd00::2'), of('9.9.9.9')], '9.9.9.9'],
])('%s', (_, addresses, expected) => {
  expect(steadyAddress(addresses, { defaultInterfaces: ['eth0'] })).toBe(expected)
  expect(steadyAddress(addresses.toReversed(), { defaultInterfaces: ['eth0'] })).toBe(expected)
})

test('the present one is kept among equals, and given up when it is deprecated', () => {
  const other = '2a01:4f8:1::9'
  const options = { defaultInterfaces: ['eth0'], present: PLAIN }
  expect(steadyAddress([of(other), of(PLAIN)], options)).toBe(PLAIN)
  expect(steadyAddress([of(other), of(PLAIN, ['deprecated'])], options)).toBe(other)
})

test.each([
  ['a little longer', 3600, 7199, PLAIN],
  ['twice as long, as after a router has forgotten a prefix', 3600, 7200, FIXED],
  ['for how long nobody knows', 3600, undefined, PLAIN],
])('the present one is kept though another lasts %s', (_, present, other, expected) => {
  const addresses = [lasting(PLAIN, present), other ? lasting(FIXED, other) : of(FIXED)]
  expect(steadyAddress(addresses, { defaultInterfaces: ['eth0'], present: PLAIN })).toBe(expected)
})

test('one that led out when the claimed one did not goes before it, as long as it is there', () => {
  const addresses = [of(FIXED, ['permanent']), of(PLAIN)]
  const choice = (connected: string) =>
    steadyAddress(addresses, { defaultInterfaces: ['eth0'], present: FIXED, connected })
  expect([choice(PLAIN), choice('2a01:4f8:1::9')]).toEqual([PLAIN, FIXED])
})

function lasting(address: string, preferredSeconds: number, origin: NodeAddress['origin'] = 'slaac') {
  return { ...of(address), preferredSeconds, validSeconds: 2 * preferredSeconds, origin }
}

function of(address: string, flags: NodeAddress['flags'] = [], name = 'eth0'): NodeAddress {
  const family = address.includes(':') ? 6 : 4
  return { address, family, interface: name, prefixLength: 64, scope: addressScope(address), flags }
}
