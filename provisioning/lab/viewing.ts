import type { Glance } from './viewer-recorder.ts'

/** All that a viewer has seen so far. */
export type Viewing = {
  gaps: Glance['gaps']
  sources: Glance['sources']
  failures: Glance['failures']
  /** Of his first picture. */
  firstAt?: number
  last?: Glance
}

export const nothingSeen: Viewing = { gaps: [], sources: [], failures: [] }

/** At thirty pictures a second; so long every picture stands. */
const FRAME_MS = 1000 / 30
/** Shorter ones nobody notices. */
const FREEZE_MS = 250
const STANDS_MS = 1000

export function withGlance(viewing: Viewing, glance: Glance): Viewing {
  const firstAt = viewing.firstAt ?? glance.shownAt
  return {
    gaps: [...viewing.gaps, ...glance.gaps],
    sources: [...viewing.sources, ...glance.sources],
    failures: [...viewing.failures, ...glance.failures],
    ...(firstAt === undefined ? {} : { firstAt }),
    last: glance,
  }
}

/** How long the picture stood at the most, in ms, between two moments: also when it still stands, and when it stood before. */
export function longestFreeze(viewing: Viewing, from: number, until = Number.POSITIVE_INFINITY): number {
  const stood = [...viewing.gaps, ...openGap(viewing)].filter((gap) => gap.until > from && gap.from < until)
  return Math.max(0, ...stood.map((gap) => gap.until - gap.from - FRAME_MS))
}

const openGap = ({ last }: Viewing) => (last?.shownAt ? [{ from: last.shownAt, until: last.at }] : [])

/** What is worth telling of what has just been seen, in words. */
export function eventsOf(before: Viewing, glance: Glance, placeOf: (host: string) => string): string[] {
  const stands = ({ last }: Viewing) => last?.shownAt !== undefined && last.at - last.shownAt > STANDS_MS
  return [
    ...glance.failures.map(({ details }) => `the player cannot go on (${details}) and begins anew`),
    ...glance.sources.map(({ host, pathway }) => `plays from ${placeOf(host)} now, ${host} (${pathway})`),
    ...glance.gaps
      .map((gap) => gap.until - gap.from - FRAME_MS)
      .filter((ms) => ms > FREEZE_MS)
      .map((ms) => `the picture stood for ${(ms / 1000).toFixed(2)} s`),
    ...(stands({ ...before, last: glance }) && !stands(before) ? ['the picture stands'] : []),
  ]
}

/** One line about a viewer. */
export function viewingWords(viewing: Viewing, placeOf: (host: string) => string): string {
  const [longest, count] = [longestFreeze(viewing, 0), viewing.gaps.filter(isFreeze).length]
  const at = viewing.sources.at(-1)
  const seconds = `${(longest / 1000).toFixed(2)} s`
  const stood =
    count > 1 ? `${count} freezes, the longest ${seconds}` : count ? `froze for ${seconds}` : 'no freeze'
  const ahead = (viewing.last?.ahead ?? 0).toFixed(1)
  return `${at ? `plays from ${placeOf(at.host)}` : 'plays nothing yet'}, ${ahead} s loaded ahead; ${stood}`
}

const isFreeze = ({ from, until }: { from: number; until: number }) => until - from - FRAME_MS > FREEZE_MS
