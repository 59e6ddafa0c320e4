import { randomBytes } from 'node:crypto'
import { type Alert, type AlertIncident, isOpen, worstFirst, worstOf } from './alert.ts'
import type { RoundOutcome } from './alert-repository.ts'
import { RULES } from './alert-rules.ts'
import { type GatheredIncident, gatherIncident } from './gather-incident.ts'
import type { Judged } from './judge-alerts.ts'

type Known = {
  /** Those that are not over, as they were before. */
  alerts: Alert[]
  incidents: AlertIncident[]
}

/** Gives each alert that was raised its incident, and ends the incidents of which nothing is open any more. */
export function gatherAlerts({ alerts, incidents }: Known, judged: Judged, now: number): RoundOutcome {
  const groups = incidents.map(groupOf)
  const taken = new Map<string, string>()
  for (const alert of judged.raised.toSorted(worstFirst)) taken.set(alert.id, join(groups, alert, now))
  const saved = judged.changed.map((alert) => ({ ...alert, ...incidentOf(taken.get(alert.id)) }))
  const after = new Map([...alerts, ...saved].map((alert) => [alert.id, alert]))
  const lasting = new Set([...after.values()].filter(isOpen).map(({ incidentId }) => incidentId))
  const joined = new Set(taken.values())
  return {
    saved,
    dropped: judged.dropped,
    begun: groups
      .filter(({ id }) => !incidents.some((each) => each.id === id))
      .map(({ id }) => newIncident(id, new Date(now))),
    joined: incidents.filter(({ id }) => joined.has(id)),
    ended: incidents.filter(({ id }) => !lasting.has(id)),
  }
}

const incidentOf = (incidentId: string | undefined) => (incidentId === undefined ? {} : { incidentId })

const newIncident = (id: string, at: Date): AlertIncident => ({
  ...{ id, begunAt: at, joinedAt: at, toldCount: 0, alerts: [] },
})

/** The id of the incident that it is in from now on. */
function join(groups: GatheredIncident[], alert: Alert, now: number): string {
  const raised = { rule: alert.rule, severity: RULES[alert.rule].severity, at: now, ...nodeOf(alert) }
  let group = gatherIncident(groups, raised)
  if (!group) {
    const id = randomBytes(6).toString('hex')
    group = { id, begunAt: now, joinedAt: now, severity: 'warn', rules: new Set(), nodeIds: new Set() }
    groups.push(group)
  }
  group.joinedAt = now
  group.rules.add(alert.rule)
  if (alert.nodeId !== undefined) group.nodeIds.add(alert.nodeId)
  if (raised.severity === 'bad') group.severity = 'bad'
  return group.id
}

const nodeOf = ({ nodeId }: Alert) => (nodeId === undefined ? {} : { nodeId })

const groupOf = ({ id, begunAt, joinedAt, grownAt, alerts }: AlertIncident): GatheredIncident => ({
  ...{ id, begunAt: begunAt.getTime(), joinedAt: joinedAt.getTime(), severity: worstOf(alerts) },
  ...(grownAt && { grownAt: grownAt.getTime() }),
  rules: new Set(alerts.map(({ rule }) => rule)),
  nodeIds: new Set(alerts.filter(isOpen).flatMap(({ nodeId }) => nodeId ?? [])),
})
