import { expect, test } from 'vitest'
import { isPublicAddress } from '../../shared/contract/special-networks.ts'
import {
  inPlace,
  MOST_NODES,
  networkScript,
  nodeAddress,
  nodeNumbers,
  placeOfHost,
  places,
  sitePrefix,
} from './topology.ts'

test('a lab is a cloud, its nodes, and two viewers of whom each has one family of addresses', () => {
  expect(places(2).map(({ name, ipv6, ipv4 }) => [name, ipv6, ipv4])).toEqual([
    ['cloud', '2a10:0:c::1', '45.66.0.1'],
    ['node-1', undefined, undefined],
    ['node-2', undefined, undefined],
    ['viewer-6', '2a10:0:f6::6', undefined],
    ['viewer-4', undefined, '45.66.4.4'],
  ])
})

test('all addresses are such that the product and browsers take them for the public Internet', () => {
  const fixed = places(1).flatMap(({ ipv6, ipv4 }) => [ipv6 ?? [], ipv4 ?? []].flat())
  const given = nodeNumbers(MOST_NODES).flatMap((n) => [nodeAddress(n, 0), nodeAddress(n, 7)])
  expect([...fixed, ...given].filter((address) => !isPublicAddress(address))).toEqual([])
})

test('no two networks are the same, whatever is renumbered', () => {
  const sites = nodeNumbers(MOST_NODES).flatMap((n) =>
    [0, 1, 2].map((generation) => sitePrefix(n, generation)),
  )
  const others = places(0).flatMap(({ ipv6 }) => ipv6?.replace(/[^:]+$/, '/64') ?? [])
  const all = [...sites, ...others]
  expect(new Set(all).size).toBe(all.length)
})

test('every place has a line of its own to the middle, and its interface is no loopback', () => {
  const script = networkScript(['own', 'own'])
  for (const { name } of places(2)) {
    expect(script).toContain(`ip netns add ${name}\n`)
    expect(script).toContain(`ip link add to-${name} type veth peer name eth0 netns ${name}\n`)
  }
  expect(script).not.toContain('node-3')
})

test('a node is given no address, only what it puts behind the prefixes it will hear of', () => {
  expect(networkScript(['own'])).toContain('ip -n node-1 token set ::80 dev eth0')
  expect(networkScript(['own'])).not.toMatch(/ip -n node-1 address/)
})

test('a second node of a site has the next /64 of its /56, and every host in an address is somebody', () => {
  expect([sitePrefix(2, 0, 'beside'), nodeAddress(2, 3, 'beside')]).toEqual([
    '2a10:0:1:2::/64',
    '2a10:3:1:2::80',
  ])
  expect(networkScript(['own', 'beside'])).toContain('route replace 2a10:0:1:2::/64 dev to-node-2')
  const hosts = ['[2a10:0:1::80]:8084', '[2a10:0:1:2::80]:8084', '[2a10:b:3::80]:8084', '45.66.104.80:8084']
  expect(hosts.map(placeOfHost)).toEqual(['node-1', 'node-2', 'node-3', 'node-4'])
  const others = ['45.66.205.1:8084', '[2a10:0:c::1]:8080', '45.66.0.1:8080', '192.0.2.1']
  expect(others.map(placeOfHost)).toEqual(['node-5', 'the relay', 'the relay', '192.0.2.1'])
})

test('a node has only what its kind of site gives it', () => {
  const script = networkScript(['v4', 'nat', 'ula', 'several'])
  expect(script).toContain('ip -n node-1 address add 45.66.101.80/24 dev eth0')
  expect(script).toContain('ip -n node-2 address add 192.168.2.80/24 dev eth0')
  expect(script).toContain('ip address add 45.66.202.1/32 dev lo')
  expect(script).toContain('ip -6 route add fdaa:0:3::/64 dev to-node-3')
  expect(script).toContain('ip -6 route add 2a10:b:4::/64 dev to-node-4')
  expect(script.match(/route replace 2a10/g)).toHaveLength(1)
})

test('the viewer with IPv4 only has no IPv6, not even on his own line', () => {
  const off = `nsenter --net=/run/netns/viewer-4 -- sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'`
  expect(networkScript(['own']).split(off)).toHaveLength(2)
  expect(networkScript(['own'])).toContain('ip -n viewer-4 route add default via 45.66.4.254')
})

test('a command is run at a place by its namespace', () => {
  expect(inPlace('cloud', ['nginx', '-t']).join(' ')).toBe('nsenter --net=/run/netns/cloud -- nginx -t')
})
