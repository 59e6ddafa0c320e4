import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOR_EVER, NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { expect, test } from 'vitest'
import { withDetails } from './address-details.ts'
import { defaultInterfaces } from './default-route.ts'
import { parseIfInet6 } from './if-inet6.ts'
import { steadyAddress } from './steady-address.ts'

/** What Linux 6 wrote of boxes that were set up as these systems set theirs up; `boxes/` holds it as it came. */
const BOXES = [
  [
    'pi-os',
    'NetworkManager’s stable private addresses, one of them a ULA',
    '2003:e7:1f0a:5500:561:2e18:a18:c5e2',
  ],
  ['debian-server', 'two addresses set by hand, and a Docker bridge', '2a01:4f8:c2c:123a::1'],
  ['dhcpv6', 'a leased address beside one of its own making', '2001:9e8:4a6:a100:dea6:32ff:fe01:203'],
  ['dhcpv6-only', 'a leased address alone', '2001:9e8:4a6:a100::5d3'],
  ['privacy', 'temporary addresses, and a prefix just replaced', '2a02:810d:8140:9900:21e:6ff:fe3a:4b5c'],
  [
    'flash-renumbered',
    'a router that restarted and forgot its prefix',
    '2003:e7:1f3c:8000:ba27:ebff:fe12:3457',
  ],
  ['doubled', 'an address that somebody else has', undefined],
  ['ula-only', 'a ULA and nothing else', undefined],
  ['nat-v4', 'a ULA, and IPv4 of its own network', undefined],
  ['public-v4', 'no IPv6 at all', undefined],
  ['none', 'no network', undefined],
] as const

test.each(BOXES)('on %s (%s) viewers are sent to the address that lasts', (box, _, expected) => {
  const { addresses, defaultInterfaces } = readBox(box)
  expect(steadyAddress(addresses, { defaultInterfaces })).toBe(expected)
  expect(steadyAddress(addresses.toReversed(), { defaultInterfaces })).toBe(expected)
})

test.each(BOXES)('what %s has fits the contract', (box) => {
  const { addresses } = readBox(box)
  expect(NodeAddress.array().parse(addresses)).toEqual(addresses)
})

test.each([
  ['pi-os', ['stable-privacy 3598/7198', 'stable-privacy 3598/7198']],
  ['debian-server', ['static', 'static', 'static']],
  ['dhcpv6', ['dhcp 3573/7173', 'slaac 3598/7198']],
])('the addresses of %s come with who made them, and with their lifetimes', (box, expected) => {
  const { addresses } = readBox(box)
  const told = addresses.filter(({ scope }) => scope === 'global' || scope === 'private').map(detailsOf)
  expect(told.sort()).toEqual(expected)
})

test.each([
  ['nothing', ''],
  ['an error', 'Option "-j" is unknown'],
  ['another shape', '[{}, {"ifname": "eth0"}, {"ifname": "eth0", "addr_info": [{}, 7]}]'],
])('where `ip` says %s, the flags stand alone', (_, shown) => {
  const addresses = parseIfInet6(read('privacy', 'if_inet6'))
  expect(withDetails(addresses, shown)).toEqual(addresses)
})

function detailsOf({ origin, preferredSeconds, validSeconds }: NodeAddress) {
  return preferredSeconds === FOR_EVER ? origin : `${origin} ${preferredSeconds}/${validSeconds}`
}

const read = (box: string, file: string) =>
  readFileSync(join(import.meta.dirname, 'boxes', box, file), 'utf8')

function readBox(box: string) {
  return {
    addresses: withDetails(parseIfInet6(read(box, 'if_inet6')), read(box, 'address-show.json')),
    defaultInterfaces: defaultInterfaces(read(box, 'ipv6_route'), read(box, 'route')),
  }
}
