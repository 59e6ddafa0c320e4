import { expect, test } from 'vitest'
import { isPublicAddress } from '../../shared/contract/special-networks.ts'
import { homeRules, orderedAddress, parseSites, SITE_WORDS, siteIpv4 } from './sites.ts'

test('sites are told for one node after the other', () => {
  expect(parseSites('own, beside,nat')).toEqual(['own', 'beside', 'nat'])
  expect(parseSites(Object.keys(SITE_WORDS).join())).toHaveLength(9)
})

test.each([
  ['dsl', '--sites knows own, beside, several, both, home, v4, nat, forward, ula; not "dsl".'],
  ['own,', 'not "".'],
  ['beside', 'there is no node before the first'],
])('%j is refused', (text, sentence) => expect(() => parseSites(text)).toThrow(sentence))

test('only who stands in the open has a public IPv4 address; a forwarded node claims its router’s', () => {
  const kinds = ['v4', 'both', 'nat', 'forward', 'home', 'own'] as const
  const open = kinds.map((kind) => siteIpv4(1, kind)).map((own) => own !== undefined && isPublicAddress(own))
  expect(open).toEqual([true, true, false, false, false, false])
  expect(orderedAddress(2, 'forward')).toBe('45.66.202.1')
  expect(orderedAddress(2, 'nat')).toBeUndefined()
})

test('routers translate what goes out, and let in what they forward', () => {
  const rules = homeRules(['nat', 'forward', 'ula', 'own'], '8084')
  expect(rules).toContain('ip saddr 192.168.1.0/24 oifname != "to-node-1" snat ip to 45.66.201.1\n')
  expect(rules.match(/dnat ip to/g)).toHaveLength(1)
  expect(rules).toContain('ip daddr 45.66.202.1 tcp dport { 8084 } dnat ip to 192.168.2.80\n')
  expect(rules).toContain('ip6 saddr fdaa:0:3::/64 oifname != "to-node-3" snat ip6 to 2a10:0:e3::1\n')
  expect(rules).not.toContain('to-node-4')
})
