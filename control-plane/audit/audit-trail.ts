import { printable } from '@sixcast/shared/runtime/printable.ts'
import { presentActor } from './actor.ts'
import { type AuditEntry, breakIn, chainHash } from './audit-chain.ts'
import type { AuditFilter, AuditRepository } from './audit-repository.ts'

export type AuditTrail = ReturnType<typeof auditTrail>
export type Recorded = { deed: string; subject: string; outcome: string }

const NOBODY = { number: 0, hash: '' }
const PAGE = 1000

/** Who did what. Lines are only ever added, each chained to the one before. */
export function auditTrail({
  auditRows,
  now = () => new Date(),
}: {
  auditRows: AuditRepository
  now?: () => Date
}) {
  return {
    /** One line of whoever acts. Somebody else's may come between: then ours is the next. */
    async record({ deed, subject, outcome }: Recorded): Promise<void> {
      const { who, source, token } = presentActor()
      const what = {
        who: fit(token ? `${who} by token ${token}` : who, 110),
        source: fit(source, 50),
        deed,
        subject: fit(subject, 200),
        outcome: fit(outcome, 500),
      }
      for (let isIn = false; !isIn; ) {
        const last = (await auditRows.last()) ?? NOBODY
        const line = { number: last.number + 1, at: now(), ...what }
        isIn = await auditRows.add({ ...line, hash: chainHash(last.hash, line) })
      }
    },

    /** The latest first; `next` leads to those before. */
    async read({
      before = Number.MAX_SAFE_INTEGER,
      limit = 100,
      ...filter
    }: AuditFilter & { before?: number; limit?: number }) {
      const rows = await auditRows.listBefore(before, limit + 1, filter)
      const entries = rows.slice(0, limit)
      return { entries, ...(rows.length > limit && { next: entries.at(-1)?.number }) }
    },

    /** What was done to one thing, the latest first. */
    readOf: (subject: string, until: Date, most: number): Promise<AuditEntry[]> =>
      auditRows.listOf(subject, until, most),

    /** Reads all of it. The last lines can be cut off without a trace in it: whoever notes `last` elsewhere sees that too. */
    async check() {
      let last = NOBODY
      for (;;) {
        const lines = await auditRows.listAfter(last.number, PAGE)
        const broken = breakIn(last, lines)
        if (broken) return { lines: last.number, broken }
        const end = lines.at(-1)
        if (!end) return { lines: last.number, last: { number: last.number, hash: last.hash } }
        last = end
      }
    },
  }
}

/** As the table keeps it to the letter: what is hashed is what is read again. */
const fit = (text: string, most: number) => printable(text).slice(0, most).toWellFormed()
