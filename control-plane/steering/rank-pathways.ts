import { familyOf, urlHost } from '../addresses/addresses.ts'
import { isFull } from '../limits/line-budget.ts'
import { viewerHost } from '../streams/viewer-host.ts'
import type { Copy, LiveStream } from './live-streams.ts'
import { RELAY } from './pathway-id.ts'
import { isPresent, RULES, type Viewing, viewersOf, type Way } from './rank-rules.ts'

/** A way that was thought of, and what was thought. */
export type Candidate = Way & {
  /** What each rule says of it, in their order. Absent for what is not chosen from. */
  ranks?: number[]
  chosen: boolean
  why: string
}

/** One that a viewer can be sent. */
export type Pathway = Candidate & { chosen: true; host: string }

type Question = {
  stream: Pick<LiveStream, 'session' | 'copies'>
  relay: Pick<Copy, 'load' | 'budget'> & { port: number }
  viewing: Viewing
  /** Bits per second that one more viewer takes. */
  cost?: number
}

const MOST_NODES = 2

/** Which ways a viewer is given, best first: two nodes at most, and the relay. None when all of them send as much as they may. */
export const pathwaysFor = (question: Question): Pathway[] => rankPathways(question).filter(isPathway)

/** The same with everything else that was thought of, and why it is where it is. */
export function rankPathways({ stream, relay, viewing, cost = 0 }: Question): Candidate[] {
  const ways = [
    relayWay(relay, viewing),
    ...stream.copies.map((copy) => nodeWay(seenBy(viewing, copy), relay.port, viewing)),
  ]
  const weighed = ways.map((way) => ({ way, refusal: refusalOf(way, { stream, relay, viewing, cost }) }))
  const ranked = weighed
    .filter(({ refusal }) => refusal === undefined)
    .map(({ way }) => ({ ...way, ranks: RULES.map(({ rank }) => rank(way, viewing)) }))
    .sort((a, b) => RULES.reduce((sum, _, rule) => sum || difference(a, b, rule), 0))
  const nodes = ranked.filter(({ copy }) => copy)
  const isSpare = (way: Way) => nodes.some((node, at) => at >= MOST_NODES && node.pathway === way.pathway)
  const listed = ranked.filter((way) => !isSpare(way))
  return [
    ...listed.map((way, at) => ({ ...way, chosen: true, why: decidedBy(listed[at - 1], way) })),
    ...ranked.filter(isSpare).map((way) => ({ ...way, chosen: false, why: 'Two nodes come before it.' })),
    ...weighed.flatMap(({ way, refusal }) => (refusal ? [{ ...way, chosen: false, why: refusal }] : [])),
  ]
}

/** Whether anybody outside, viewer or relay, could fetch the stream from one of these. */
export const isFound = (copies: Copy[]) => copies.some(({ at, other }) => at ?? other?.at)

const isPathway = (candidate: Candidate): candidate is Pathway =>
  candidate.chosen && candidate.host !== undefined

const relayWay = ({ port, ...egress }: Question['relay'], { requestHost }: Viewing): Way => ({
  pathway: RELAY,
  host: `${requestHost}:${port}`,
  ...egress,
})

/** Where this viewer is sent on a node that is found in both families. */
function seenBy(viewing: Viewing, { other, ...copy }: Copy): Copy {
  if (!other?.at) return copy
  const { standing: _, cause: __, at: ___, ...node } = copy
  const atOther = { ...node, ...other }
  return trouble(atOther, viewing) < trouble(copy, viewing) ? atOther : copy
}

/** What speaks against an address, the gravest first. */
function trouble(copy: Copy, { present, exclude, ...viewing }: Viewing): number {
  const { at } = copy
  if (!at || viewersOf(copy) === 'none') return 8
  const isPlayed = at.pathway === present
  return (
    (isPlayed ? 0 : 0.5 + foreignness(at.address, viewing)) +
    2 * Number(exclude.includes(at.pathway)) +
    Number(viewersOf(copy) === 'doubted')
  )
}

/** Who came by IPv6 nearly always has IPv4 too; who came by IPv4 has shown nothing else. */
function foreignness(
  place: string,
  { address, six, onlyFour }: Pick<Viewing, 'address' | 'six' | 'onlyFour'>,
) {
  if (familyOf(place) === 4) return familyOf(address) === 4 || six || onlyFour ? 0 : 1.4
  return onlyFour || (familyOf(address) === 4 && !six) ? 4 : 0
}

function nodeWay(copy: Copy, relayPort: number, { requestHost }: Viewing): Way {
  const { node, at, load, budget } = copy
  const egress = { ...(load && { load }), ...(budget && { budget }) }
  if (!at) return { pathway: `n${node.id.slice(0, 8)}`, copy, ...egress }
  const host = viewerHost({ host: `${urlHost(at.address)}:${at.port}`, requestHost, relayPort })
  return { pathway: at.pathway, copy, host, ...egress }
}

/** Why a way is not chosen from at all. */
function refusalOf(way: Way, { stream, relay, viewing, cost = 0 }: Question): string | undefined {
  const { copy, host } = way
  if (!copy && !isFound(stream.copies))
    return 'There is no node that it could fetch the stream from: no probe has found any.'
  if (copy && copy.session !== stream.session)
    return 'It has another session of the stream, whose pictures do not continue those of the origin.'
  if (copy && host === undefined) return copy.cause ?? 'No probe has found it yet.'
  if (copy && viewersOf(copy) === 'none') return ['Viewers cannot reach it.', copy.cause].join(' ').trim()
  if (viewersOf(copy) === 'emptied' && !isPresent(way, viewing))
    return `It takes no new viewers: it is ${copy?.standing === 'maintenance' ? 'in maintenance' : 'draining'}.`
  if (copy && host === `${viewing.requestHost}:${relay.port}`)
    return 'This viewer gets there through the relay only.'
  if (isFull(way, cost) && !isPresent(way, viewing)) return 'It sends as much as it may.'
  return undefined
}

type Ranked = { ranks: number[] }

const difference = (a: Ranked, b: Ranked, rule: number) => (a.ranks[rule] ?? 0) - (b.ranks[rule] ?? 0)

function decidedBy(before: Ranked | undefined, way: Ranked): string {
  if (!before) return 'Nothing is better.'
  const rule = RULES.find((_, at) => difference(before, way, at) !== 0)
  return `After the one before it: ${rule?.behind ?? 'they are equal'}.`
}
