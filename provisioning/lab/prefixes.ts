import { furtherPrefixes, hasIpv6, hasProviderPrefix, type SiteKind } from './sites.ts'
import { forgetAddressLine, lineTo, nodeName, noRouteLines, routeLine, sitePrefix } from './topology.ts'

/** The prefixes of a site: the one its router announces, and one before it that has not gone yet. */
export type SitePrefixes = {
  /** A /64 of its own, where nothing is said. */
  kind?: SiteKind
  present: number
  /** Deprecated: still routed, announced as on its way out. Forgotten: the router knows nothing of it, the node has not been told. */
  former?: { generation: number; is: 'deprecated' | 'forgotten' }
}

export type Renumbering = 'planned' | 'flash' | 'gone'

/** What the site's prefixes are then. Absent where there is none to take away. */
export function renumbered(site: SitePrefixes, how: Renumbering): SitePrefixes | undefined {
  const { kind, present, former } = site
  const same = kind === undefined ? {} : { kind }
  if (how === 'gone') return former && { ...same, present }
  const is = how === 'planned' ? 'deprecated' : 'forgotten'
  return { ...same, present: present + 1, former: { generation: present, is } }
}

/** What changes on the site's line between the two. A former prefix makes room for the next one: the node forgets it. */
export function renumberScript(n: number, before: SitePrefixes, after: SitePrefixes): string {
  const { former, kind } = before
  return [
    ...(former?.is === 'deprecated' ? noRouteLines(n, former.generation, kind) : []),
    ...(former ? [forgetAddressLine(n, former.generation, kind)] : []),
    ...(after.present === before.present ? [] : [routeLine(n, after.present, kind)]),
    ...(after.former?.is === 'forgotten' ? noRouteLines(n, after.former.generation, kind) : []),
  ].join('\n')
}

/** What routers announce: radvd.conf. Often, so that the lab is quick; for long, so that nothing ends by itself. */
export function routerConfig(sites: SitePrefixes[]): string {
  return sites.map((site, at) => (hasIpv6(site.kind ?? 'own') ? interfaceBlock(site, at + 1) : '')).join('')
}

const interfaceBlock = (site: SitePrefixes, n: number) => `interface ${lineTo(nodeName(n))} {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 4;
  AdvDefaultLifetime 9000;
${announced(n, site)}};
`

function announced(n: number, { kind = 'own', present, former }: SitePrefixes): string {
  const ofProvider = hasProviderPrefix(kind) ? [prefixBlock(sitePrefix(n, present, kind), 3600)] : []
  const old = former?.is === 'deprecated' ? [prefixBlock(sitePrefix(n, former.generation, kind), 0)] : []
  const further = furtherPrefixes(n, kind).map((prefix) => prefixBlock(prefix, 3600))
  return [...ofProvider, ...old, ...further].join('')
}

const prefixBlock = (prefix: string, preferredSeconds: number) =>
  `  prefix ${prefix} { AdvValidLifetime 7200; AdvPreferredLifetime ${preferredSeconds}; };\n`
