import type { ListedNode } from '../launcher/operator-commands.ts'
import type { SitePrefixes } from './prefixes.ts'
import { furtherPrefixes, hasProviderPrefix, orderedAddress, siteIpv4 } from './sites.ts'
import { CLOUD, nodeAddress, nodeName, nodeNumbers, type Place, places } from './topology.ts'
import { type Trouble, troublesAt, troubleWords } from './troubles.ts'

export type LabState = {
  nodes: number
  troubles: Trouble[]
  sites: SitePrefixes[]
  /** Machines that have come since. */
  guests: Place[]
  /** Units that somebody has killed. */
  down: string[]
  /** What the control plane says; nothing while it does not answer. */
  listed: ListedNode[] | undefined
}

/** The lab as a person sees it: who is where, what is wrong with his line, and what the control plane knows of him. */
export function picture(state: LabState): string {
  const rows = [...places(state.nodes), ...state.guests].map((place) => rowOf(place, state))
  const nameWidth = widest(rows.map(({ name }) => name))
  const addressWidth = widest(rows.flatMap(({ addresses }) => addresses))
  const lines = rows.flatMap(({ name, addresses, words, line }) =>
    Array.from({ length: Math.max(addresses.length, words.length, 1) }, (_, at) =>
      [
        at === 0 ? line : '  │         ',
        (at === 0 ? name : '').padEnd(nameWidth),
        (addresses[at] ?? '').padEnd(addressWidth),
        words[at] ?? '',
      ]
        .join('  ')
        .trimEnd(),
    ),
  )
  return ['Internet', ...lines].join('\n')
}

const widest = (words: string[]) => Math.max(...words.map((word) => word.length))

function rowOf({ name, ipv6, ipv4 }: Place, state: LabState) {
  const n = nodeNumbers(state.nodes).find((each) => nodeName(each) === name)
  const wrong = wrongAt(name, state)
  const addresses = n ? siteAddresses(n, state) : [ipv6, ipv4].filter((each) => each !== undefined)
  return {
    name,
    addresses,
    words: [...(n ? [nodeStanding(n, state.listed)] : []), ...wrong],
    line: `  ├─${n ? 'router' : '──────'}${wrong.length ? '─╳' : '──'}`,
  }
}

function siteAddresses(n: number, { sites }: LabState): string[] {
  const { present, former, kind = 'own' } = sites[n - 1] ?? { present: 0 }
  const old = former ? [`${nodeAddress(n, former.generation, kind)} (${former.is})`] : []
  const six = hasProviderPrefix(kind) ? [nodeAddress(n, present, kind), ...old] : []
  const ipv4 = siteIpv4(n, kind)
  const translated = orderedAddress(n, kind)
  return [
    ...six,
    ...furtherPrefixes(n, kind).map((prefix) => prefix.replace('/64', '80')),
    ...(ipv4 ? [ipv4] : []),
    ...(translated ? [`${translated} (its router)`] : []),
  ]
}

/** Alive and reachable are two facts. */
export function nodeStanding(n: number, listed: ListedNode[] | undefined): string {
  if (!listed) return 'the control plane does not answer'
  const node = listed.find(({ name }) => name === nodeName(n))
  if (!node?.alive) return 'never heard of'
  const found = node.reachable.map(
    ({ family, is, cause }) =>
      `${is ? 'reachable' : 'unreachable'} over IPv${family}${cause ? `: ${cause}` : ''}`,
  )
  return [node.alive.is ? 'alive' : 'silent', ...found].join(', ')
}

function wrongAt(name: string, { troubles, down }: LabState): string[] {
  const units = down.filter(
    (unit) => unit.startsWith(`${name}-`) || (name === CLOUD.name && !unit.startsWith('node-')),
  )
  return [
    ...troublesAt(troubles, name).map(troubleWords),
    ...(units.length ? [`killed: ${units.map((unit) => unit.replace(`${name}-`, '')).join(', ')}`] : []),
  ]
}
