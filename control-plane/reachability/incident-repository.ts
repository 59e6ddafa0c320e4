import type { Database } from '../database/database.ts'
import type { Incident } from './incident.ts'

export type IncidentRepository = ReturnType<typeof incidentRepository>

export function incidentRepository(db: Database) {
  return {
    /** Those that last. */
    async listOpen(): Promise<Incident[]> {
      const rows = await db.selectFrom('incident').selectAll().where('until', 'is', null).execute()
      return rows.map(({ kind, family, since, failing, lately, cause }) =>
        kind === 'freeze'
          ? { kind, family, since, failing: failing ?? 0, lately: lately ?? 0 }
          : { kind, family, since, cause: cause ?? '' },
      )
    },

    begin: (incident: Incident) => db.insertInto('incident').ignore().values(incident).execute(),

    async removeEnded(before: Date) {
      const { numDeletedRows } = await db
        .deleteFrom('incident')
        .where('until', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },

    end: ({ kind, family }: Pick<Incident, 'kind' | 'family'>, at: Date) =>
      db
        .updateTable('incident')
        .set({ until: at })
        .where('kind', '=', kind)
        .where('family', '=', family)
        .where('until', 'is', null)
        .execute(),
  }
}
