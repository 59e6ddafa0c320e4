import type { Insertable, Selectable } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Alert, AlertIncident } from './alert.ts'
import { isRule } from './alert-rules.ts'

export const alertRow = (alert: Alert): Insertable<Tables['alert']> => {
  const { id, rule, subject, nodeId, state, peak, says, incidentId } = alert
  return {
    ...{ id, rule, says: says.slice(0, 500), peak: peak ?? null },
    ...{ subject_kind: subject.kind, subject_id: subject.id, subject_name: subject.name.slice(0, 200) },
    ...{ node_id: nodeId ?? null, incident_id: incidentId ?? null },
    ...{ state: state.name, since: new Date(state.since) },
    clear_since: state.name === 'clearing' ? new Date(state.clearSince) : null,
    resolved_at: state.name === 'resolved' ? new Date(state.at) : null,
  }
}

/** None of a rule that only a later release knows, which was taken back. */
export function alertOf(row: Selectable<Tables['alert']>): Alert[] {
  if (!isRule(row.rule)) return []
  return [
    {
      ...{ id: row.id, rule: row.rule, says: row.says },
      subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
      ...(row.node_id !== null && { nodeId: row.node_id }),
      state: stateOf(row),
      ...(row.peak !== null && { peak: row.peak }),
      ...(row.incident_id !== null && { incidentId: row.incident_id }),
    },
  ]
}

function stateOf({
  state: name,
  since,
  clear_since,
  resolved_at,
}: Selectable<Tables['alert']>): Alert['state'] {
  const begun = since.getTime()
  if (name === 'clearing') return { name, since: begun, clearSince: clear_since?.getTime() ?? begun }
  return name === 'resolved'
    ? { name, since: begun, at: resolved_at?.getTime() ?? begun }
    : { name, since: begun }
}

export const incidentRow = ({ id, begunAt, joinedAt }: AlertIncident) => ({
  ...{ id, begun_at: begunAt, joined_at: joinedAt },
})

export const incidentOf = (row: Selectable<Tables['alert_incident']>, alerts: Alert[]): AlertIncident => ({
  ...{ id: row.id, begunAt: row.begun_at, joinedAt: row.joined_at, toldCount: row.told_count, alerts },
  ...(row.ended_at && { endedAt: row.ended_at }),
  ...(row.told_at && { toldAt: row.told_at }),
  ...(row.told_severity && { toldSeverity: row.told_severity }),
  ...(row.grown_at && { grownAt: row.grown_at }),
  ...(row.over_told_at && { overToldAt: row.over_told_at }),
  ...(row.acknowledged_by &&
    row.acknowledged_at && { acknowledged: { by: row.acknowledged_by, at: row.acknowledged_at } }),
})
