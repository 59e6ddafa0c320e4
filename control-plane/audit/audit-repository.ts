import type { Database } from '../database/database.ts'
import { isDuplicateKey } from '../database/duplicate-key.ts'
import type { AuditEntry } from './audit-chain.ts'

export type AuditRepository = ReturnType<typeof auditRepository>
export type AuditFilter = {
  who?: string | undefined
  deed?: string | undefined
  subject?: string | undefined
}

/** Nothing here changes a line or takes one out. */
export function auditRepository(db: Database) {
  return {
    last: () => db.selectFrom('audit').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst(),

    /** False when another line has taken this number. */
    async add(line: AuditEntry & { hash: string }): Promise<boolean> {
      try {
        await db.insertInto('audit').values(line).execute()
        return true
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },

    /** The latest first. */
    listBefore: (number: number, most: number, { who, deed, subject }: AuditFilter) =>
      db
        .selectFrom('audit')
        .selectAll()
        .where('number', '<', number)
        .$if(who !== undefined, (query) => query.where('who', '=', who ?? ''))
        .$if(deed !== undefined, (query) => query.where('deed', '=', deed ?? ''))
        .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
        .orderBy('number', 'desc')
        .limit(most)
        .execute(),

    /** What was done to one thing, under whatever name of a deed. The latest first. */
    listOf: (subject: string, until: Date, most: number) =>
      db
        .selectFrom('audit')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb('subject', '=', subject),
            eb('subject', 'like', `${subject.replace(/[%_\\]/g, '\\$&')} %`),
          ]),
        )
        .where('at', '<', until)
        .orderBy('number', 'desc')
        .limit(most)
        .execute(),

    listAfter: (number: number, most: number) =>
      db.selectFrom('audit').selectAll().where('number', '>', number).orderBy('number').limit(most).execute(),
  }
}
