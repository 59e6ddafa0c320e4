import { RULES, type RuleName, type Severity } from './alert-rules.ts'
import type { AlertState } from './alert-state.ts'
import type { Subject } from './observe-fleet.ts'

/** One rule that fires, or did, of one subject. */
export type Alert = {
  id: string
  rule: RuleName
  subject: Subject
  /** On which node it is, if on one. */
  nodeId?: string
  state: Exclude<AlertState, { name: 'quiet' }>
  /** The worst figure since it began. */
  peak?: number
  /** What was so when it was worst, or began. */
  says: string
  /** Absent before it was raised. */
  incidentId?: string
}

/** Alerts that are told as one. */
export type AlertIncident = {
  id: string
  begunAt: Date
  joinedAt: Date
  endedAt?: Date
  toldAt?: Date
  toldCount: number
  toldSeverity?: Severity
  grownAt?: Date
  overToldAt?: Date
  acknowledged?: { by: string; at: Date }
  /** All of them, those that are over too. */
  alerts: Alert[]
}

export const isOpen = ({ state }: Pick<Alert, 'state'>) =>
  state.name === 'firing' || state.name === 'clearing'

export const worstOf = (alerts: Pick<Alert, 'rule'>[]): Severity =>
  alerts.some(({ rule }) => RULES[rule].severity === 'bad') ? 'bad' : 'warn'

/** bad before warn, the present before the past, the eldest first. */
export const worstFirst = (one: Alert, other: Alert) =>
  Number(isOpen(other)) - Number(isOpen(one)) ||
  Number(RULES[other.rule].severity === 'bad') - Number(RULES[one.rule].severity === 'bad') ||
  one.state.since - other.state.since
