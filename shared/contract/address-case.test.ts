import { expect, test } from 'vitest'
import { AddressCase, addressCase, addressCaseWords } from './address-case.ts'
import type { NodeAddress } from './heartbeat.ts'

const GLOBAL = of('2a01:4f8:1::a', 'global')
const PUBLIC = of('65.21.108.7', 'global')
const HOME = of('192.168.1.20', 'private')
const ULA = of('fd3c:9a01:77::7', 'private')
const LINK = [
  of('::1', 'loopback'),
  of('127.0.0.1', 'loopback'),
  of('fe80::1', 'link'),
  of('169.254.7.7', 'link'),
]
const DOCKER = [
  { ...HOME, address: '172.17.0.1', interface: 'docker0' },
  { ...ULA, interface: 'br-0a1b2c' },
]

test.each<[string, NodeAddress[], AddressCase]>([
  ['a node on a line with IPv6', [...LINK, HOME, ULA, GLOBAL], 'global-v6'],
  ['a server with both', [GLOBAL, PUBLIC], 'global-v6'],
  ['a server without IPv6', [...LINK, PUBLIC], 'public-v4'],
  ['a server with a public address and a private network', [HOME, PUBLIC], 'public-v4'],
  ['a node behind a router without IPv6', [...LINK, HOME], 'nat-v4'],
  ['a node behind a provider’s NAT', [of('100.64.3.4', 'private')], 'nat-v4'],
  ['a node behind a router that announces a prefix of its own', [...LINK, HOME, ULA], 'nat-v4'],
  ['a node with a ULA alone', [...LINK, ULA], 'ula-only'],
  ['a node without a network', LINK, 'none'],
  ['a node that runs containers, without a network', [...LINK, ...DOCKER], 'none'],
  ['a node with containers and a ULA', [...DOCKER, ULA], 'ula-only'],
  ['a node whose prefix has just gone', [{ ...GLOBAL, flags: ['deprecated'] }, HOME], 'nat-v4'],
  ['a node that has temporary addresses only', [{ ...GLOBAL, flags: ['temporary'] }], 'none'],
  ['a node of which nothing is known', [], 'none'],
])('%s', (_, addresses, expected) => {
  expect(addressCase(addresses)).toBe(expected)
  expect(addressCase(addresses.toReversed())).toBe(expected)
})

test('each case is told in a sentence, with what to do', () => {
  for (const { what, remedy } of AddressCase.options.map((each) => addressCaseWords[each]))
    expect([`It ${what}.`, remedy]).toEqual([
      expect.stringMatching(/^It has [^.]+\.$/),
      expect.stringMatching(/^[A-Z].+\.$/),
    ])
})

function of(address: string, scope: NodeAddress['scope']): NodeAddress {
  const family = address.includes(':') ? 6 : 4
  return { address, family, interface: 'eth0', prefixLength: 64, scope, flags: [] }
}
