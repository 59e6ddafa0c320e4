import { expect, test } from 'vitest'
import { isPublicAddress } from '../../shared/contract/special-networks.ts'
import { cloneAddress, cloneScript, goneScript, impostorScript } from './guests.ts'
import type { SitePrefixes } from './prefixes.ts'

const moved = (is: 'deprecated' | 'forgotten'): SitePrefixes => ({
  present: 1,
  former: { generation: 0, is },
})

test.each<[string, SitePrefixes, string]>([
  ['that the node has left', moved('forgotten'), '2a10:0:1::'],
  ['that is on its way out', moved('deprecated'), '2a10:0:1::'],
  ['that the node believes to have', { present: 2 }, '2a10:2:1::'],
])('an impostor gets the prefix %s, and the very address', (_, site, prefix) => {
  const script = impostorScript(1, site).split('\n')
  expect(script[0]).toBe(`ip -6 route flush exact ${prefix}/64`)
  expect(script).toContain(`ip -n impostor-1 address add ${prefix}80/64 dev eth0 nodad`)
  expect(script).toContain(`ip -6 route add ${prefix}/64 dev to-impostor-1`)
})

test.each<[SitePrefixes, string]>([
  [moved('forgotten'), 'ip -6 route add blackhole 2a10:0:1::/64'],
  [moved('deprecated'), 'ip -6 route add  2a10:0:1::/64 dev to-node-1'],
  [{ present: 2 }, 'ip -6 route add  2a10:2:1::/64 dev to-node-1'],
])('when he is gone %j leads where it led before', (site, route) =>
  expect(goneScript('impostor', 1, site).split('\n').at(-1)).toBe(route),
)

test('a clone stands elsewhere, at an address of its own, and leaves no route to mend', () => {
  expect(isPublicAddress(cloneAddress(3))).toBe(true)
  expect(cloneScript(3)).toContain('ip -n clone-3 address add 2a10:0:d3::80/64 dev eth0 nodad')
  expect(goneScript('clone', 3, { present: 0 })).not.toContain('route')
})
