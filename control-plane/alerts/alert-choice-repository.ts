import type { Database } from '../database/database.ts'
import { isRule, type RuleChoice, type RuleName } from './alert-rules.ts'
import type { Silence } from './silence.ts'

export type AlertChoiceRepository = ReturnType<typeof alertChoiceRepository>

/** What operators want of the rules, and what they do not want to be told. */
export function alertChoiceRepository(db: Database) {
  return {
    async readRules(): Promise<Map<RuleName, RuleChoice>> {
      const rows = await db.selectFrom('alert_rule').selectAll().execute()
      const known = rows.flatMap(({ rule, enabled, threshold, for_seconds }) =>
        isRule(rule)
          ? [
              [
                rule,
                {
                  enabled,
                  ...(threshold !== null && { threshold }),
                  ...(for_seconds !== null && { forSeconds: for_seconds }),
                },
              ] as const,
            ]
          : [],
      )
      return new Map(known)
    },

    saveRule(rule: RuleName, { enabled, threshold, forSeconds }: RuleChoice, by: string, at: Date) {
      const chosen = { enabled, threshold: threshold ?? null, for_seconds: forSeconds ?? null }
      const row = { ...chosen, changed_by: by, changed_at: at }
      return db
        .insertInto('alert_rule')
        .values({ rule, ...row })
        .onDuplicateKeyUpdate(row)
        .execute()
    },

    removeRule: (rule: RuleName) => db.deleteFrom('alert_rule').where('rule', '=', rule).execute(),

    async listSilences(): Promise<Silence[]> {
      const rows = await db
        .selectFrom('alert_silence')
        .selectAll()
        .where('ended_at', 'is', null)
        .orderBy('made_at')
        .execute()
      return rows.map(({ id, scope, scope_id, until, reason, made_by, made_at }) => ({
        ...{ id, scope, scopeId: scope_id, reason, madeBy: made_by, madeAt: made_at },
        ...(until && { until }),
      }))
    },

    addSilence: ({ id, scope, scopeId, until, reason, madeBy, madeAt }: Silence) =>
      db
        .insertInto('alert_silence')
        .values({
          ...{ id, scope, scope_id: scopeId, until: until ?? null, reason },
          ...{ made_by: madeBy, made_at: madeAt, ended_at: null },
        })
        .execute(),

    /** False when there is none of these any more. */
    async endSilences(ids: string[], at: Date): Promise<boolean> {
      if (ids.length === 0) return false
      const { numUpdatedRows } = await db
        .updateTable('alert_silence')
        .set({ ended_at: at })
        .where('id', 'in', ids)
        .where('ended_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async removeSilences(before: Date): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('alert_silence')
        .where('ended_at', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
