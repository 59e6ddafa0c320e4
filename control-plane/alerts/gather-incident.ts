import type { RuleName, Severity } from './alert-rules.ts'

/** What happens together is one incident, and told as one. */
export type GatheredIncident = {
  id: string
  begunAt: number
  /** When an alert joined it last. */
  joinedAt: number
  /** It has been told that it grew: from then on others begin one of their own. */
  grownAt?: number
  /** The worst of its alerts. */
  severity: Severity
  rules: Set<RuleName>
  /** Whose alerts of it are still open. */
  nodeIds: Set<string>
}

type Raised = { rule: RuleName; severity: Severity; nodeId?: string; at: number }

/** Whatever begins so shortly after another may have the same cause. */
const TOGETHER_MS = 30_000
/** More of the same belongs to it for so long. */
const TAKES_MORE_MS = 10 * 60_000

/**
 * Which of the open incidents an alert belongs to; to none: it begins one. What befalls a node that is known to be in trouble is told
 * with that, at any time, unless it is worse: nobody may sleep through a silent node because it was warm before.
 */
export function gatherIncident(open: GatheredIncident[], alert: Raised): GatheredIncident | undefined {
  const latestFirst = open.toSorted((one, other) => other.begunAt - one.begunAt)
  return (
    latestFirst.find((incident) => isOfSameNode(incident, alert)) ??
    latestFirst.find((incident) => takesMore(incident, alert.at) && isOfSameTime(incident, alert))
  )
}

export const takesMore = ({ begunAt, grownAt }: Pick<GatheredIncident, 'begunAt' | 'grownAt'>, now: number) =>
  grownAt === undefined && now - begunAt < TAKES_MORE_MS

const isOfSameNode = (incident: GatheredIncident, { nodeId, severity, at }: Raised) =>
  nodeId !== undefined &&
  incident.nodeIds.has(nodeId) &&
  (severity === 'warn' || incident.severity === 'bad' || takesMore(incident, at))

const isOfSameTime = ({ joinedAt, rules }: GatheredIncident, { rule, at }: Raised) =>
  rules.has(rule) || at - joinedAt < TOGETHER_MS
