import type { AuditEntry } from '../audit/audit-chain.ts'
import type { Happening, HappeningKind } from '../happenings/happening.ts'

export type TimelineEntry = { at: Date; words: string; kind?: HappeningKind; who?: string }

/** Both kinds of facts, the latest first, at most so many; `next` leads to those before. What has the same time stays together. */
export function timeline(happened: Happening[], done: AuditEntry[], most: number) {
  const all = [
    ...happened.map(({ at, kind, words }): TimelineEntry => ({ at, kind, words })),
    ...done.map(
      ({ at, who, deed, outcome }): TimelineEntry => ({ at, who, words: deedWords(deed, outcome) }),
    ),
  ].toSorted((one, other) => other.at.getTime() - one.at.getTime())
  const beyond = all[most]
  if (!beyond) return { entries: all }
  const entries = all.slice(0, most).filter(({ at }) => at > beyond.at)
  // So many at one moment are no page's fault: they are cut.
  const shown = entries.length > 0 ? entries : all.slice(0, most)
  return { entries: shown, next: shown.at(-1)?.at }
}

const deedWords = (deed: string, outcome: string) =>
  outcome === 'done' ? `${capital(deed)}.` : `${capital(deed)}: ${outcome}`

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
