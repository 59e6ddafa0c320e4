import { CLOUD, inPlace, lineTo, nodeName, nodeNumbers, type ViewerName } from './topology.ts'

/** What has been done to the lines, and lasts until it is healed. */
export type Trouble =
  | { kind: 'blackhole' | 'inbound' | 'filter'; node: number }
  | { kind: 'cut'; from: 'cloud' }
  | { kind: 'cut'; from: number; whom: 'cloud' | ViewerName }
  | { kind: 'blind' }
  | { kind: 'slow'; node: number; mbit: number }
  | { kind: 'lossy'; node: number; percent: number }

/** Where viewers and encoders connect to a node. */
export const NODE_PORTS = '80, 443, 1935, 8083, 8084'

/** The same trouble in another measure takes the place of the old one. */
export const withTrouble = (troubles: Trouble[], added: Trouble): Trouble[] => [
  ...troubles.filter((each) => lineOf(each) !== lineOf(added) || each.kind !== added.kind),
  added,
]

const lineOf = (trouble: Trouble) => `${placeOf(trouble)} ${'whom' in trouble ? trouble.whom : ''}`

/** All that is wrong on the line of this node, or of the cloud. */
export const troublesAt = (troubles: Trouble[], place: string) =>
  troubles.filter((each) => placeOf(each) === place)

function placeOf(trouble: Trouble): string {
  if (trouble.kind === 'blind') return CLOUD.name
  const at = trouble.kind === 'cut' ? trouble.from : trouble.node
  return at === 'cloud' ? CLOUD.name : nodeName(at)
}

export function troubleWords(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'blackhole':
      return 'everything vanishes'
    case 'inbound':
      return 'all that comes in for viewers vanishes'
    case 'filter':
      return 'the router lets no new connection in'
    case 'cut':
      if (!('whom' in trouble)) return 'cut off from everybody'
      return `cut off from ${trouble.whom === 'cloud' ? 'the cloud' : trouble.whom}`
    case 'blind':
      return 'opens no connection over IPv6'
    case 'slow':
      return `${trouble.mbit} Mbit/s`
    case 'lossy':
      return `loses ${trouble.percent} %`
  }
}

/** The rules of the middle, for `nft -f -`: they take the place of all that were there, in one step. */
export function troubleRules(troubles: Trouble[]): string {
  return `table inet lab
delete table inet lab
table inet lab {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ct state invalid counter # or connections would not be followed before a filter asks for those that are there
${troubles
  .flatMap(rulesOf)
  .map((rule) => `    ${rule}\n`)
  .join('')}  }
}
`
}

function rulesOf(trouble: Trouble): string[] {
  const [into, from] = [`oifname "${lineTo(placeOf(trouble))}"`, `iifname "${lineTo(placeOf(trouble))}"`]
  switch (trouble.kind) {
    case 'blackhole':
      return [`${into} drop`, `${from} drop`]
    case 'inbound':
      return [`${into} tcp dport { ${NODE_PORTS} } drop`]
    case 'filter':
      return [`${into} ct state new drop`]
    case 'cut':
      return 'whom' in trouble
        ? [`${into} iifname "${lineTo(trouble.whom)}" drop`, `${from} oifname "${lineTo(trouble.whom)}" drop`]
        : [`${into} drop`, `${from} drop`]
    case 'blind':
      return [`${from} meta nfproto ipv6 ct state new drop`]
    case 'lossy':
      return [into, from].map(
        (way) => `${way} numgen random mod 10000 < ${Math.round(trouble.percent * 100)} drop`,
      )
    case 'slow':
      return [] // lineSpeed's matter
  }
}

/** Sets how fast the line of a node is now, both ways: whatever it was before. */
export function lineSpeedScript(troubles: Trouble[], nodes: number): string {
  return nodeNumbers(nodes)
    .map(nodeName)
    .flatMap((name) => {
      const slow = troublesAt(troubles, name).find((each) => each.kind === 'slow')
      const ends = [
        (...command: string[]) => command.concat(['dev', lineTo(name), 'root']).join(' '),
        (...command: string[]) => inPlace(name, command.concat(['dev', 'eth0', 'root'])).join(' '),
      ]
      return ends.map((end) =>
        slow
          ? `${end('tc', 'qdisc', 'replace')} tbf rate ${slow.mbit}mbit burst 64k latency 300ms`
          : `${end('tc', 'qdisc', 'delete')} 2>/dev/null || true`,
      )
    })
    .join('\n')
}
