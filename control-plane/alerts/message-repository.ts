import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import type { Severity } from './alert-rules.ts'
import type { MessageKind } from './message-due.ts'

export type MessageRepository = ReturnType<typeof messageRepository>
export type MessageRow = Selectable<Tables['alert_message']>

/** What of an incident has been told. */
export type Told = { incidentId: string; kind: MessageKind; count: number; severity: Severity }

export function messageRepository(db: Database) {
  const update = (id: string, changes: Partial<MessageRow>) =>
    db.updateTable('alert_message').set(changes).where('id', '=', id).execute()

  return {
    /** From now on it is to be told, and no second time. */
    add: (messages: Insertable<Tables['alert_message']>[], told: Told, at: Date) =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable('alert_incident')
          .set(toldColumns(told, at))
          .where('id', '=', told.incidentId)
          .execute()
        if (messages.length > 0) await trx.insertInto('alert_message').values(messages).execute()
      }),

    /** Of each channel what is to be told next, if it is time: nobody is told the end before the beginning. */
    async listDue(at: Date): Promise<MessageRow[]> {
      const waiting = await db
        .selectFrom('alert_message')
        .selectAll()
        .where('next_at', 'is not', null)
        .orderBy('made_at')
        .orderBy('id')
        .limit(1000)
        .execute()
      const first = Map.groupBy(waiting, ({ channel_id }) => channel_id)
      return [...first.values()].flatMap(([next]) => (next?.next_at && next.next_at <= at ? [next] : []))
    },

    /** The latest of each channel, whatever became of it, and those that wait. */
    async listLately(most: number): Promise<Omit<MessageRow, 'content'>[]> {
      return await db
        .selectFrom('alert_message')
        .select(['id', 'channel_id', 'incident_id', 'kind', 'made_at', 'attempts', 'next_at', 'error'])
        .select(['sent_at', 'given_up_at'])
        .orderBy('made_at', 'desc')
        .limit(most)
        .execute()
    },

    listOfIncident: (incidentId: string) =>
      db
        .selectFrom('alert_message')
        .select([
          'id',
          'channel_id',
          'kind',
          'made_at',
          'attempts',
          'next_at',
          'error',
          'sent_at',
          'given_up_at',
        ])
        .where('incident_id', '=', incidentId)
        .orderBy('made_at')
        .execute(),

    sent: (id: string, attempts: number, at: Date) =>
      update(id, { attempts, sent_at: at, next_at: null, error: null }),

    failed: (id: string, attempts: number, error: string, nextAt: Date) =>
      update(id, { attempts, error: error.slice(0, 500), next_at: nextAt }),

    givenUp: (id: string, attempts: number, error: string, at: Date) =>
      update(id, { attempts, error: error.slice(0, 500), next_at: null, given_up_at: at }),
  }
}

function toldColumns({ kind, count, severity }: Told, at: Date) {
  if (kind === 'over') return { over_told_at: at }
  const told = { told_count: count, told_severity: severity }
  return kind === 'opened' ? { ...told, told_at: at } : { ...told, grown_at: at }
}
