import { Refusal } from '../launcher/refusal.ts'

/** What kinds of lines a node can stand at, in words. */
export const SITE_WORDS = {
  own: 'a /64 of its own',
  beside: 'another /64 of the /56 of the node before it: two nodes at one site',
  several: 'prefixes of two providers, and a temporary address of each',
  both: 'a /64 of its own, and a public IPv4 address',
  home: 'a /64 of its own, and IPv4 behind a router that forwards the ports of viewers, whose address the node claims as well',
  v4: 'a public IPv4 address, and no IPv6',
  nat: 'IPv4 behind a router that lets nobody in',
  forward: 'IPv4 behind a router that forwards the ports of viewers, whose address the node claims',
  ula: 'IPv6 of its own network alone (ULA); its router translates what goes out',
} as const
export type SiteKind = keyof typeof SITE_WORDS

export const isSiteKind = (word: string): word is SiteKind => Object.hasOwn(SITE_WORDS, word)

/** As written after --sites: one for each node, the first for node 1. */
export function parseSites(text: string): SiteKind[] {
  const words = text.split(',').map((word) => word.trim())
  const unknown = words.find((word) => !isSiteKind(word))
  if (unknown !== undefined)
    throw new Refusal(`--sites knows ${Object.keys(SITE_WORDS).join(', ')}; not "${unknown}".`)
  if (words[0] === 'beside') throw new Refusal('--sites: there is no node before the first to stand beside.')
  return words.filter(isSiteKind)
}

/** Whose router announces a prefix that its provider can replace. */
export const hasProviderPrefix = (kind: SiteKind) =>
  ['own', 'beside', 'several', 'both', 'home'].includes(kind)
export const hasIpv6 = (kind: SiteKind) => hasProviderPrefix(kind) || kind === 'ula'
const isHome = (kind: SiteKind) => kind === 'nat' || forwards(kind)
const forwards = (kind: SiteKind) => kind === 'forward' || kind === 'home'
/** It has nothing to say to anybody over IPv4. */
export const isIpv6Only = (kind: SiteKind) => hasIpv6(kind) && siteIpv4(1, kind) === undefined

/** What a router translates to when its site has no public addresses. */
export const routerIpv4 = (n: number) => `45.66.20${n}.1`
const routerIpv6 = (n: number) => `2a10:0:e${n}::1`
const homeNetwork = (n: number) => `192.168.${n}.0/24`

/** The IPv4 address of a node itself. */
export function siteIpv4(n: number, kind: SiteKind): string | undefined {
  if (kind === 'v4' || kind === 'both') return `45.66.10${n}.80`
  return isHome(kind) ? `192.168.${n}.80` : undefined
}

/** Prefixes that a router announces beside the one that its provider replaces now and then. */
export function furtherPrefixes(n: number, kind: SiteKind): string[] {
  if (kind === 'several') return [`2a10:b:${n}::/64`]
  return kind === 'ula' ? [`fdaa:0:${n}::/64`] : []
}

/** What a node is told to claim, because it cannot know it. */
export const orderedAddress = (n: number, kind: SiteKind) => (forwards(kind) ? routerIpv4(n) : undefined)

/** What translating routers do, for `nft -f -`; private addresses lead nowhere from outside. */
export function homeRules(sites: SiteKind[], ports: string): string {
  const rules = sites.map((kind, at) => ({ n: at + 1, kind, line: `to-node-${at + 1}` }))
  const translated = rules.flatMap(({ n, kind, line }) => [
    ...(isHome(kind) ? [`ip saddr ${homeNetwork(n)} oifname != "${line}" snat ip to ${routerIpv4(n)}`] : []),
    ...(kind === 'ula'
      ? [`ip6 saddr fdaa:0:${n}::/64 oifname != "${line}" snat ip6 to ${routerIpv6(n)}`]
      : []),
  ])
  const forwarded = rules
    .filter(({ kind }) => forwards(kind))
    .map(({ n }) => `ip daddr ${routerIpv4(n)} tcp dport { ${ports} } dnat ip to 192.168.${n}.80`)
  return `table inet homes {
  chain out { type nat hook postrouting priority 100;
${lines(translated)}  }
  chain in { type nat hook prerouting priority -100;
${lines(forwarded)}  }
  chain private { type filter hook forward priority 10;
    ct state established,related accept
    ct status dnat accept
    ip daddr 192.168.0.0/16 drop
    ip6 daddr fc00::/7 drop
  }
}
`
}

const lines = (rules: string[]) => rules.map((rule) => `    ${rule}\n`).join('')

/** The addresses of translating routers, in the middle. */
export const routerAddressLines = (n: number, kind: SiteKind): string[] => [
  ...(isHome(kind) ? [`ip address add ${routerIpv4(n)}/32 dev lo`] : []),
  ...(kind === 'ula' ? [`ip address add ${routerIpv6(n)}/128 dev lo`] : []),
]
