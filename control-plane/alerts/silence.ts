import { type Alert, type AlertIncident, isOpen } from './alert.ts'

/** Nobody is told of what it covers; the console shows it all the same. */
export type Silence = {
  id: string
  scope: 'all' | 'rule' | 'node' | 'incident'
  scopeId: string
  /** Absent: until nothing of it is open any more. */
  until?: Date
  reason: string
  madeBy: string
  madeAt: Date
}

type Covered = Pick<Alert, 'rule' | 'nodeId' | 'incidentId'>

const covers = ({ scope, scopeId }: Silence, { rule, nodeId, incidentId }: Covered) =>
  scope === 'all' || scopeId === { rule, node: nodeId, incident: incidentId }[scope]

export const isSilenced = (silences: Silence[], alert: Covered, now: Date) =>
  silences.some((each) => (each.until === undefined || each.until > now) && covers(each, alert))

/** Those that have nothing more to silence. */
export const spentSilences = (silences: Silence[], incidents: AlertIncident[], now: Date) => {
  const open = incidents.flatMap(({ alerts }) => alerts.filter(isOpen))
  return silences.filter((each) =>
    each.until ? each.until <= now : !open.some((alert) => covers(each, alert)),
  )
}
