import { furtherPrefixes, hasProviderPrefix, routerAddressLines, type SiteKind, siteIpv4 } from './sites.ts'

/** A network namespace of the lab: a machine, or a person with one, on a line of its own to the Internet in the middle. */
export type Place = {
  name: string
  /** Fixed addresses; a node has none, its router tells it a prefix. */
  ipv6?: string
  ipv4?: string
  /** Of its link to the router. A node's addresses begin with it, so that it has the same whenever it is started. */
  mac?: string
}

/** Real addresses, because those for documents and tests count as private, to browsers too. Nothing leaves the lab. */
export const CLOUD = { name: 'cloud', ipv6: '2a10:0:c::1', ipv4: '45.66.0.1' } satisfies Place
/** By which nodes find it that have no IPv6. */
export const CLOUD_NAME = 'cloud.lab'
const VIEWERS = [
  { name: 'viewer-6', ipv6: '2a10:0:f6::6' },
  { name: 'viewer-4', ipv4: '45.66.4.4' },
] as const satisfies Place[]
/** Places outside the fleet that refuse a connection, for PROBE_CONTROLS. */
export const OUTSIDE = `[${VIEWERS[0].ipv6}]:443,${VIEWERS[1].ipv4}:443`
export type ViewerName = (typeof VIEWERS)[number]['name']
export const VIEWER_NAMES = VIEWERS.map(({ name }) => name)
/** The middle itself: the lab looks from here whether units are up. */
const INTERNET_IPV6 = '2a10:0:ff::1'
/** What a node puts behind every prefix. */
const INTERFACE_ID = '::80'
const ROUTER = 'fe80::1'

/** More would not fit into the picture, nor on most machines. */
export const MOST_NODES = 9

export const nodeNumbers = (nodes: number) => Array.from({ length: nodes }, (_, at) => at + 1)
export const nodeName = (n: number) => `node-${n}`

/** A provider gives a site another prefix now and then: each generation has its own. */
export const sitePrefix = (n: number, generation: number, kind?: SiteKind) =>
  `2a10:${generation}:${siteLabel(n, kind)}::/64`
export const nodeAddress = (n: number, generation: number, kind?: SiteKind) =>
  `2a10:${generation}:${siteLabel(n, kind)}::80`
/** Beside another it has the next /64 of the other's /56. */
const siteLabel = (n: number, kind?: SiteKind) => (kind === 'beside' ? `${n - 1}:${n}` : String(n))

/** At which a node can be asked whatever its prefix is now. */
export const nodeLinkAddress = (n: number) => `fe80::ff:fe00:${n}80%${lineTo(nodeName(n))}`

/** The router's end of the line to a place, as its interface is called in the middle. */
export const lineTo = (place: string) => `to-${place}`

export const places = (nodes: number, kinds: SiteKind[] = []): Place[] => [
  CLOUD,
  ...nodeNumbers(nodes).map((n) => {
    const ipv4 = siteIpv4(n, kinds[n - 1] ?? 'own')
    return { name: nodeName(n), mac: `02:00:00:00:0${n}:80`, ...(ipv4 && { ipv4 }) }
  }),
  ...VIEWERS,
]

/** Who is meant by the host in an address that a player fetches. */
export function placeOfHost(host: string): string {
  const [, six, beside, four] = /^(?:\[2a10:[0-9a-f]+:(\d):(\d)?|45\.66\.[12]0(\d)\.)/.exec(host) ?? []
  const n = beside ?? six ?? four
  if (n) return nodeName(Number(n))
  return host.startsWith(`[${CLOUD.ipv6}]`) || host.startsWith(CLOUD.ipv4) ? 'the relay' : host
}

/** Runs a command at a place. */
export const inPlace = (place: string, command: string[]) => [
  'nsenter',
  `--net=/run/netns/${place}`,
  '--',
  ...command,
]

/** The shell script that builds all of it in the namespace it runs in, which becomes the Internet with everybody's routers. */
export function networkScript(sites: SiteKind[]): string {
  const nodes = sites.length
  return [
    'ip link set lo up',
    `ip address add ${INTERNET_IPV6}/128 dev lo`,
    'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
    'echo 1 >/proc/sys/net/ipv4/ip_forward',
    ...places(nodes, sites).flatMap(placeLines),
    ...sites.flatMap((kind, at) => siteLines(at + 1, kind)),
  ].join('\n')
}

/** What leads to a node, beside its line: routes, and the addresses of a router that translates. */
const siteLines = (n: number, kind: SiteKind): string[] => [
  ...(hasProviderPrefix(kind) ? [routeLine(n, 0, kind)] : []),
  ...furtherPrefixes(n, kind).map((prefix) => `ip -6 route add ${prefix} dev ${lineTo(nodeName(n))}`),
  ...routerAddressLines(n, kind),
  ...(kind === 'several' ? [kernelSetting(nodeName(n), 'eth0/use_tempaddr', 2)] : []),
]

/** The way to a prefix of a node's site. */
export const routeLine = (n: number, generation: number, kind?: SiteKind) =>
  `ip -6 route replace ${sitePrefix(n, generation, kind)} dev ${lineTo(nodeName(n))}`

/** A prefix that leads to the site no more. Providers say nothing to who still sends there. */
export const noRouteLines = (n: number, generation: number, kind?: SiteKind) => [
  `ip -6 route delete ${sitePrefix(n, generation, kind)} dev ${lineTo(nodeName(n))}`,
  `ip -6 route add blackhole ${sitePrefix(n, generation, kind)}`,
]

export const forgetAddressLine = (n: number, generation: number, kind?: SiteKind) =>
  `ip -n ${nodeName(n)} address delete ${nodeAddress(n, generation, kind)}/64 dev eth0`

/** A namespace with a line of its own to the middle. */
export function placeLines({ name, ipv6, ipv4, mac }: Place): string[] {
  const line = lineTo(name)
  const there = `ip -n ${name}`
  return [
    `ip netns add ${name}`,
    `ip link add ${line} type veth peer name eth0 netns ${name}`,
    `ip address add ${ROUTER}/64 dev ${line} nodad`,
    `ip link set ${line} up`,
    `${there} link set lo up`,
    ...(mac ? nodeLines(name, there, mac) : []),
    ...(ipv6 || mac ? [] : [kernelSetting(name, 'all/disable_ipv6', 1)]),
    `${there} link set eth0 up`,
    ...(ipv6 ? ipv6Lines(there, line, ipv6) : []),
    ...(ipv4 ? ipv4Lines(there, line, ipv4) : []),
  ]
}

const nodeLines = (name: string, there: string, mac: string) => [
  `${there} link set eth0 address ${mac}`,
  `${there} token set ${INTERFACE_ID} dev eth0`,
  kernelSetting(name, 'eth0/router_solicitation_interval', 1), // the routers start after it
]

const kernelSetting = (name: string, setting: string, value: number) =>
  inPlace(name, ['sh', '-c', `'echo ${value} >/proc/sys/net/ipv6/conf/${setting}'`]).join(' ')

const ipv6Lines = (there: string, line: string, address: string) => [
  `${there} address add ${address}/64 dev eth0 nodad`,
  `${there} route add default via ${ROUTER} dev eth0`,
  `ip -6 route add ${address.replace(/[^:]+$/, '/64')} dev ${line}`,
]

function ipv4Lines(there: string, line: string, address: string): string[] {
  const router = address.replace(/\d+$/, '254')
  return [
    `ip address add ${router}/24 dev ${line}`,
    `${there} address add ${address}/24 dev eth0`,
    `${there} route add default via ${router}`,
  ]
}
