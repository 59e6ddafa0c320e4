import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { alignedColumns } from './aligned-columns.ts'

type Said = { sentence: string; data: Record<string, unknown> }
export type AuditDependencies = { audit: Pick<AuditTrail, 'read' | 'check'> }

/** The last hundred lines, the latest last, as a terminal shows them best. */
export async function listAudit({ audit }: AuditDependencies): Promise<Said> {
  const { entries } = await audit.read({})
  const rows = entries
    .toReversed()
    .map(({ number, at, who, source, deed, subject, outcome }) => [
      String(number),
      at.toISOString(),
      who,
      source,
      deed,
      subject,
      outcome,
    ])
  return { sentence: alignedColumns(rows) || 'Nothing has been recorded yet.', data: { entries } }
}

export async function checkAudit({ audit }: AuditDependencies): Promise<Said> {
  const { lines, last, broken } = await audit.check()
  if (broken)
    throw new Problem(
      'bad-request',
      `The record is not as it was written: ${broken.why}. The ${lines} lines before it are.`,
    )
  return {
    sentence: `All ${lines} lines are as they were written. The last one is ${last?.number}, its hash ${last?.hash || 'none'}: keep it elsewhere, and lines that are cut off at the end will show too.`,
    data: { lines, last },
  }
}
