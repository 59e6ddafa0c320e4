/** How a way answered when it was asked for a sign of life. */
export type PingResult = 'answered' | Miss
export type Miss = 'timeout' | 'refused'

/** A way that has failed this player: it comes last until its time is over and it answers again. */
type Sparing = { until: number; times: number; over: boolean }
export type Spared = ReadonlyMap<string, Sparing>

/** What one look at the ways has found. Ways that were not asked, or not for long enough, are not in it. */
export type Round = {
  now: number
  /** The one that is played from. */
  present: string
  /** All that are known, best first. */
  order: string[]
  results: ReadonlyMap<string, PingResult>
}

export type Verdict = { lost: { pathway: string; how: Miss }[]; moveTo?: string }

/** Each time it fails again a way is spared for twice as long. */
const SPARED_MS = 60_000
const LONGEST_SPARED_MS = 16 * 60_000
/** One that does not answer when its time is over is asked again so soon. */
const ASKED_AGAIN_MS = 10_000

/**
 * What follows from a look at the ways. A way has failed only if another one answered meanwhile: when none does, it is the viewer's
 * own line that is down or slow, and nowhere is better than here.
 */
export function judgeRound(spared: Spared, round: Round): [Spared, Verdict] {
  const { present, order, results } = round
  const answering = order.filter((pathway) => results.get(pathway) === 'answered')
  if (answering.length === 0) return [spared, { lost: [] }]
  const missing = order.flatMap((pathway) => missOf(pathway, results.get(pathway)))
  const lost = missing.filter(({ pathway }) => pathway === present || !isSpared(spared, pathway))
  const next = new Map(spared)
  for (const pathway of answering) forgive(next, pathway, round)
  for (const { pathway } of missing) spare(next, pathway, round)
  if (results.get(present) === 'answered' || !results.has(present)) return [next, { lost }]
  const moveTo = preferred(order, next).find((pathway) => answering.includes(pathway))
  return [next, { lost, ...(moveTo && { moveTo }) }]
}

/** The ways in their order, but what is spared comes last. */
export const preferred = (order: string[], spared: Spared): string[] => [
  ...order.filter((pathway) => !isSpared(spared, pathway)),
  ...order.filter((pathway) => isSpared(spared, pathway)),
]

/** What the steering is asked to spare this player. */
export const sparedOf = (spared: Spared): string[] =>
  [...spared].flatMap(([pathway, { over }]) => (over ? [] : [pathway]))

/** Whose time is over: they are asked whether they answer again. */
export const dueAgain = (spared: Spared, now: number): string[] =>
  [...spared].flatMap(([pathway, { over, until }]) => (!over && until <= now ? [pathway] : []))

/** One that has failed in another way than by silence. */
export function spareNow(spared: Spared, pathway: string, now: number): Spared {
  const next = new Map(spared)
  spare(next, pathway, { now })
  return next
}

const isSpared = (spared: Spared, pathway: string) => spared.get(pathway)?.over === false

const missOf = (pathway: string, result: PingResult | undefined): { pathway: string; how: Miss }[] =>
  result === undefined || result === 'answered' ? [] : [{ pathway, how: result }]

function forgive(spared: Map<string, Sparing>, pathway: string, { now }: Pick<Round, 'now'>) {
  const sparing = spared.get(pathway)
  if (sparing && sparing.until <= now) spared.set(pathway, { ...sparing, over: true })
}

function spare(spared: Map<string, Sparing>, pathway: string, { now }: Pick<Round, 'now'>) {
  const before = spared.get(pathway)
  if (before && !before.over) {
    if (before.until <= now) spared.set(pathway, { ...before, until: now + ASKED_AGAIN_MS })
    return
  }
  const times = (before?.times ?? 0) + 1
  const ms = Math.min(LONGEST_SPARED_MS, SPARED_MS * 2 ** (times - 1))
  spared.set(pathway, { until: now + ms, times, over: false })
}
