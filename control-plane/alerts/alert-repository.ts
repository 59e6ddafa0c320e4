import { type Selectable, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables.ts'
import type { Alert, AlertIncident } from './alert.ts'
import { alertOf, alertRow, incidentOf, incidentRow } from './alert-rows.ts'

export type AlertRepository = ReturnType<typeof alertRepository>

/** What one round has found. */
export type RoundOutcome = {
  saved: Alert[]
  dropped: Alert[]
  begun: AlertIncident[]
  joined: AlertIncident[]
  ended: AlertIncident[]
}

/** So many in one statement. */
const AT_ONCE = 500
/** Nobody reads more of some incidents. */
const MOST_ALERTS = 20_000

export const alertRepository = (db: Database) => ({ ...reading(db), ...writing(db) })

function reading(db: Database) {
  const incidents = db.selectFrom('alert_incident').selectAll()

  async function withAlerts(rows: Selectable<Tables['alert_incident']>[]): Promise<AlertIncident[]> {
    if (rows.length === 0) return []
    const alerts = await db
      .selectFrom('alert')
      .selectAll()
      .where('incident_id', 'in', idsOf(rows))
      .orderBy('since')
      .limit(MOST_ALERTS)
      .execute()
    const byIncident = Map.groupBy(alerts.flatMap(alertOf), ({ incidentId }) => incidentId)
    return rows.map((row) => incidentOf(row, byIncident.get(row.id) ?? []))
  }

  return {
    /** Those that are not over, raised or not. */
    async listUnresolved(): Promise<Alert[]> {
      const rows = await db.selectFrom('alert').selectAll().where('state', '!=', 'resolved').execute()
      return rows.flatMap(alertOf)
    },

    /** The eldest first. */
    listOpen: async () =>
      withAlerts(await incidents.where('ended_at', 'is', null).orderBy('begun_at').execute()),

    /** Told when they began, and not yet that they are over. */
    listUntoldEnds: async (after: Date) =>
      withAlerts(
        await incidents
          .where('ended_at', '>', after)
          .where('told_at', 'is not', null)
          .where('over_told_at', 'is', null)
          .execute(),
      ),

    /** The latest first. */
    listEnded: async (most: number) =>
      withAlerts(
        await incidents.where('ended_at', 'is not', null).orderBy('ended_at', 'desc').limit(most).execute(),
      ),

    async find(id: string): Promise<AlertIncident | undefined> {
      const [found] = await withAlerts(await incidents.where('id', '=', id).execute())
      return found
    },
  }
}

function writing(db: Database) {
  return {
    /** All of a round, or nothing of it: no alert is without its incident. */
    saveRound: (outcome: RoundOutcome, at: Date) =>
      db.transaction().execute(async (trx) => {
        for (let from = 0; from < outcome.saved.length; from += AT_ONCE)
          await saveAlerts(trx, outcome.saved.slice(from, from + AT_ONCE))
        if (outcome.dropped.length > 0)
          await trx.deleteFrom('alert').where('id', 'in', idsOf(outcome.dropped)).execute()
        await saveIncidents(trx, outcome, at)
      }),

    /** False when it is over, or there is none. */
    async acknowledge(id: string, by: string, at: Date): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('alert_incident')
        .set({ acknowledged_by: by, acknowledged_at: at })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** With all that belongs to them. */
    async removeEnded(before: Date): Promise<number> {
      const old = db.selectFrom('alert_incident').select('id').where('ended_at', '<', before)
      await db.deleteFrom('alert').where('incident_id', 'in', old).execute()
      await db.deleteFrom('alert_message').where('incident_id', 'in', old).execute()
      const { numDeletedRows } = await db
        .deleteFrom('alert_incident')
        .where('ended_at', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

async function saveIncidents(trx: Database, { begun, joined, ended }: RoundOutcome, at: Date) {
  const set = (changes: { joined_at: Date } | { ended_at: Date }, of: AlertIncident[]) =>
    trx.updateTable('alert_incident').set(changes).where('id', 'in', idsOf(of)).execute()
  if (begun.length > 0) await trx.insertInto('alert_incident').values(begun.map(incidentRow)).execute()
  if (joined.length > 0) await set({ joined_at: at }, joined)
  if (ended.length > 0) await set({ ended_at: at }, ended)
}

const idsOf = (all: { id: string }[]) => all.map(({ id }) => id)

const saveAlerts = (db: Database, alerts: Alert[]) =>
  db
    .insertInto('alert')
    .values(alerts.map(alertRow))
    .onDuplicateKeyUpdate({
      subject_name: sql`values(subject_name)`,
      state: sql`values(state)`,
      since: sql`values(since)`,
      clear_since: sql`values(clear_since)`,
      resolved_at: sql`values(resolved_at)`,
      peak: sql`values(peak)`,
      says: sql`values(says)`,
      incident_id: sql`values(incident_id)`,
    })
    .execute()
