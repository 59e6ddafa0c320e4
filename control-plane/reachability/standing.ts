import type { LeaseState } from './lease-state.ts'

/**
 * How a node stands with viewers, over one address family.
 * `pending`: not watched for long enough yet · `healthy` · `suspect`: may just be failing · `unreachable`: it beats, but cannot be
 * reached · `offline`: it neither beats nor answers · `flapping`: it came back too often to be believed at once.
 */
export const STANDINGS = ['pending', 'healthy', 'suspect', 'unreachable', 'offline', 'flapping'] as const
export type Standing = (typeof STANDINGS)[number]

export type KeptStanding = {
  state: Standing
  since: Date
  cause?: string | undefined
  /** The first of the unbroken row of probes that found it, or that missed it. One of the two at most. */
  goodSince?: Date | undefined
  badSince?: Date | undefined
  /** When it was healthy or flapping last. */
  upAt?: Date | undefined
  /** When viewers lost it lately. */
  falls: Date[]
}

export type Look = {
  probe: 'found' | 'missed' | 'unasked'
  /** Why it was missed. */
  cause?: string | undefined
  lease: LeaseState
  /** Viewers have lost it too, and the prober has found others since it did. */
  witnessed?: boolean
}

/** Time for every other node to be asked once more: only then can be told whether one node fails, or all. */
export const FALL_AFTER_MS = 15_000
/** When viewers have said so from elsewhere, two probes that miss it one after the other are enough. */
export const FALL_WITNESSED_AFTER_MS = 4000
export const RISE_AFTER_MS = 10_000
export const FLAPPING = { falls: 3, withinMs: 10 * 60_000, cleanMs: 5 * 60_000 }

export const arriving = (now: Date): KeptStanding => ({ state: 'pending', since: now, falls: [] })

/** What becomes of a standing after a look at the node. Nobody falls while `mayFall` is false: the prober may be what fails. */
export function nextStanding(kept: KeptStanding, look: Look, now: Date, mayFall = true): KeptStanding {
  if (look.probe === 'unasked' && look.lease !== 'left') return kept
  const row = { ...kept, ...countedRow(kept, look, now) }
  const state = nextState(row, look, now, mayFall)
  const { upAt, falls } = row
  return {
    ...row,
    state,
    since: state === kept.state ? kept.since : now,
    cause: causeOf(state, look),
    upAt: state === 'healthy' || state === 'flapping' ? now : upAt,
    falls: isUp(kept.state) && !isUp(state) && look.lease !== 'left' ? [...lately(falls, now), now] : falls,
  }
}

/** Viewers may be sent there, though perhaps with care. */
export const isUp = (state: Standing) => state === 'healthy' || state === 'suspect' || state === 'flapping'

/** Whether this look would take the node from the viewers: then the fleet is asked whether that can be true. */
export const wouldFall = (kept: KeptStanding, look: Look, now: Date) =>
  look.lease !== 'left' && isUp(kept.state) && !isUp(nextStanding(kept, look, now).state)

function countedRow({ goodSince, badSince }: KeptStanding, { probe }: Look, now: Date) {
  if (probe === 'found') return { goodSince: goodSince ?? now, badSince: undefined }
  if (probe === 'missed') return { goodSince: undefined, badSince: badSince ?? now }
  return { goodSince: undefined, badSince: undefined } // it left: what was seen before says nothing of its return
}

function nextState(row: KeptStanding, look: Look, now: Date, mayFall: boolean): Standing {
  const { probe, lease, witnessed } = look
  if (lease === 'left') return 'offline'
  if (probe === 'found') return lease === 'holds' ? stateFound(row, now) : stateUnheard(row.state)
  const down = lease === 'gone' ? 'offline' : 'unreachable'
  if (isUp(row.state)) {
    const fallAfterMs = witnessed ? FALL_WITNESSED_AFTER_MS : FALL_AFTER_MS
    if (mayFall && age(row.badSince, now) >= fallAfterMs) return down
    return row.state === 'flapping' ? 'flapping' : 'suspect'
  }
  return row.state === 'pending' && age(row.badSince, now) === 0 ? 'pending' : down
}

/** It answers and beats. */
function stateFound({ state, goodSince, falls }: KeptStanding, now: Date): Standing {
  if (state === 'flapping') return age(goodSince, now) >= FLAPPING.cleanMs ? 'healthy' : 'flapping'
  if (isUp(state)) return 'healthy'
  if (age(goodSince, now) < RISE_AFTER_MS) return 'pending'
  return lately(falls, now).length >= FLAPPING.falls ? 'flapping' : 'healthy'
}

/** It answers, but its beat is late or its lease has run out. */
const stateUnheard = (state: Standing): Standing =>
  state === 'flapping' ? state : isUp(state) ? 'suspect' : 'pending'

const age = (since: Date | undefined, now: Date) => (since ? now.getTime() - since.getTime() : 0)

const lately = (falls: Date[], now: Date) =>
  falls.filter((at) => now.getTime() - at.getTime() < FLAPPING.withinMs)

function causeOf(state: Standing, { probe, cause, lease }: Look): string | undefined {
  if (lease === 'left') return 'It was shut down in an orderly way.'
  if (state === 'offline') return 'It neither beats nor answers: it is off, or its line is down.'
  if (probe === 'missed') return cause
  if (lease === 'late') return 'It answers, but its heartbeat is late.'
  if (lease === 'gone') return 'It answers, but its agent has not beaten since its lease ran out.'
  return state === 'flapping' ? 'Viewers lost it three times within ten minutes, or more often.' : undefined
}
