import { expect, test } from 'vitest'
import { type Renumbering, renumbered, renumberScript, routerConfig, type SitePrefixes } from './prefixes.ts'

test.each<[SitePrefixes, Renumbering, SitePrefixes | undefined]>([
  [{ present: 0 }, 'planned', { present: 1, former: { generation: 0, is: 'deprecated' } }],
  [{ present: 3 }, 'flash', { present: 4, former: { generation: 3, is: 'forgotten' } }],
  [{ present: 1, former: { generation: 0, is: 'deprecated' } }, 'gone', { present: 1 }],
  [
    { present: 1, former: { generation: 0, is: 'forgotten' } },
    'planned',
    { present: 2, former: { generation: 1, is: 'deprecated' } },
  ],
  [{ present: 0 }, 'gone', undefined],
])('%j after %s is %j', (before, how, after) => expect(renumbered(before, how)).toEqual(after))

test('a router announces the prefix of its own site, at once and often', () => {
  const config = routerConfig([{ present: 0 }, { present: 2 }])
  expect(config).toMatch(/interface to-node-1 \{[^}]*AdvSendAdvert on;[^}]*prefix 2a10:0:1::\/64/)
  expect(config).toMatch(/interface to-node-2 \{[^}]*prefix 2a10:2:2::\/64/)
  expect(config.match(/prefix/g)).toHaveLength(2)
})

test('a deprecated prefix is announced as one, a forgotten one not at all', () => {
  const announced = (is: 'deprecated' | 'forgotten') =>
    routerConfig([{ present: 1, former: { generation: 0, is } }])
  expect(announced('deprecated')).toContain(
    'prefix 2a10:0:1::/64 { AdvValidLifetime 7200; AdvPreferredLifetime 0; };',
  )
  expect(announced('forgotten')).not.toContain('2a10:0:1::')
})

test('a router announces what its kind of site has: nothing without IPv6, more than one prefix, or those of home', () => {
  const of = (kind: SitePrefixes['kind']) => routerConfig([{ present: 0, ...(kind && { kind }) }])
  expect([of('v4'), of('nat'), of('forward')]).toEqual(['', '', ''])
  expect(of('several').match(/prefix \S+/g)).toEqual(['prefix 2a10:0:1::/64', 'prefix 2a10:b:1::/64'])
  expect(of('ula').match(/prefix \S+/g)).toEqual(['prefix fdaa:0:1::/64'])
})

const site = (present: number, is?: 'deprecated' | 'forgotten'): SitePrefixes =>
  is ? { present, former: { generation: present - 1, is } } : { present }

test.each<[string, SitePrefixes, SitePrefixes, string[]]>([
  [
    'planned: both lead to the site',
    site(0),
    site(1, 'deprecated'),
    ['route replace 2a10:1:1::/64 dev to-node-1'],
  ],
  [
    'flash: the old one ends in silence, and the node knows nothing',
    site(0),
    site(1, 'forgotten'),
    [
      'route replace 2a10:1:1::/64 dev to-node-1',
      'route delete 2a10:0:1::/64 dev to-node-1',
      'route add blackhole 2a10:0:1::/64',
    ],
  ],
  [
    'gone: a deprecated one ends, and the node loses its address',
    site(1, 'deprecated'),
    site(1),
    [
      'route delete 2a10:0:1::/64 dev to-node-1',
      'route add blackhole 2a10:0:1::/64',
      'node-1 address delete 2a10:0:1::80/64 dev eth0',
    ],
  ],
  [
    'gone: of a forgotten one only the address is left',
    site(1, 'forgotten'),
    site(1),
    ['node-1 address delete 2a10:0:1::80/64 dev eth0'],
  ],
])('%s', (_, before, after, commands) => {
  const script = renumberScript(1, before, after).split('\n')
  expect(script.map((line) => line.replace(/^ip -(6|n) /, ''))).toEqual(commands)
})
