import { forgetAddressLine, lineTo, nodeName, noRouteLines, routeLine, sitePrefix } from './topology.ts'

/** The prefixes of a site: the one its router announces, and one before it that has not gone yet. */
export type SitePrefixes = {
  present: number
  /** Deprecated: still routed, announced as on its way out. Forgotten: the router knows nothing of it, the node has not been told. */
  former?: { generation: number; is: 'deprecated' | 'forgotten' }
}

export type Renumbering = 'planned' | 'flash' | 'gone'

/** What the site's prefixes are then. Absent where there is none to take away. */
export function renumbered(site: SitePrefixes, how: Renumbering): SitePrefixes | undefined {
  if (how === 'gone') return site.former && { present: site.present }
  const is = how === 'planned' ? 'deprecated' : 'forgotten'
  return { present: site.present + 1, former: { generation: site.present, is } }
}

/** What changes on the site's line between the two. A former prefix makes room for the next one: the node forgets it. */
export function renumberScript(n: number, before: SitePrefixes, after: SitePrefixes): string {
  const { former } = before
  return [
    ...(former?.is === 'deprecated' ? noRouteLines(n, former.generation) : []),
    ...(former ? [forgetAddressLine(n, former.generation)] : []),
    ...(after.present === before.present ? [] : [routeLine(n, after.present)]),
    ...(after.former?.is === 'forgotten' ? noRouteLines(n, after.former.generation) : []),
  ].join('\n')
}

/** What routers announce: radvd.conf. Often, so that the lab is quick; for long, so that nothing ends by itself. */
export function routerConfig(sites: SitePrefixes[]): string {
  return sites
    .map(
      ({ present, former }, at) => `interface ${lineTo(nodeName(at + 1))} {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 4;
  AdvDefaultLifetime 9000;
${prefixBlock(at + 1, present, 3600)}${former?.is === 'deprecated' ? prefixBlock(at + 1, former.generation, 0) : ''}};
`,
    )
    .join('')
}

const prefixBlock = (n: number, generation: number, preferredSeconds: number) =>
  `  prefix ${sitePrefix(n, generation)} { AdvValidLifetime 7200; AdvPreferredLifetime ${preferredSeconds}; };\n`
