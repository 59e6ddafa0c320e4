import { createHash } from 'node:crypto'

export type AuditEntry = {
  number: number
  at: Date
  who: string
  source: string
  deed: string
  subject: string
  outcome: string
}

/** Covers the line and, by its hash, every line before it. */
export function chainHash(
  previous: string,
  { number, at, who, source, deed, subject, outcome }: AuditEntry,
): string {
  const text = JSON.stringify([previous, number, at.toISOString(), who, source, deed, subject, outcome])
  return createHash('sha256').update(text).digest('base64url')
}

/** The first line that is not as it was written, in words; undefined while all are. */
export function breakIn(
  before: { number: number; hash: string },
  lines: (AuditEntry & { hash: string })[],
): { number: number; why: string } | undefined {
  let last = before
  for (const line of lines) {
    const expected = last.number + 1
    if (line.number !== expected) return { number: expected, why: `line ${expected} is missing` }
    if (line.hash !== chainHash(last.hash, line))
      return { number: line.number, why: `line ${line.number} was changed, or one before it` }
    last = line
  }
  return undefined
}
