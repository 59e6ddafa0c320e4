import { elapsed } from '../look/elapsed.ts'
import { type Alert, type AlertIncident, isOpen, worstFirst, worstOf } from './alert.ts'
import { RULES, type Severity } from './alert-rules.ts'
import { alertsTitle } from './alert-words.ts'
import type { MessageKind } from './message-due.ts'

/** What a webhook is sent as JSON, and a mail is written from. Programs read it: it only gains fields. */
export type Message = {
  type: `incident.${MessageKind}` | 'test'
  /** One sentence. */
  title: string
  severity: Severity
  incident: { id: string; begunAt: string; endedAt?: string; url: string }
  /** How many alerts there are; not all of very many are named. */
  count: number
  open: number
  /** The worst first. */
  alerts: ToldAlert[]
}

export type ToldAlert = {
  rule: string
  title: string
  severity: Severity
  subject: { kind: string; id: string; name: string }
  since: string
  resolvedAt?: string
  /** What was so when it was worst. */
  says: string
  /** Only of a rule with a threshold. */
  peak?: number
  unit?: string
}

const MOST_NAMED = 20

/** Of an incident, and of those of its alerts that nobody has silenced. */
export function composeMessage(
  kind: MessageKind,
  incident: AlertIncident,
  alerts: Alert[],
  publicUrl: string,
): Message {
  const { id, begunAt, endedAt } = incident
  const title = alertsTitle(alerts)
  return {
    type: `incident.${kind}`,
    title: kind === 'opened' ? title : kind === 'grown' ? `Now ${title}` : `Over: ${title}`,
    severity: worstOf(alerts),
    incident: {
      ...{ id, begunAt: begunAt.toISOString(), url: `${publicUrl}/console/alerts/${id}` },
      ...(endedAt && { endedAt: endedAt.toISOString() }),
    },
    count: alerts.length,
    open: alerts.filter(isOpen).length,
    alerts: alerts.toSorted(worstFirst).slice(0, MOST_NAMED).map(toldAlert),
  }
}

/** What shows that a channel works. */
export const testMessage = (publicUrl: string, at: Date): Message => ({
  type: 'test',
  title: 'This is a test: nothing is wrong',
  severity: 'warn',
  incident: { id: 'test', begunAt: at.toISOString(), url: `${publicUrl}/console/alerts` },
  ...{ count: 0, open: 0, alerts: [] },
})

export function toldAlert({ rule, subject, state, says, peak }: Alert): ToldAlert {
  const { title, severity, threshold } = RULES[rule]
  return {
    ...{ rule, title, severity, subject, says },
    since: new Date(state.since).toISOString(),
    ...(state.name === 'resolved' && { resolvedAt: new Date(state.at).toISOString() }),
    ...(peak !== undefined && threshold && { peak, unit: threshold.unit }),
  }
}

/** The same as a letter: what, since when, what it means, what to do, and where to see more. */
export function mailText(message: Message): string {
  const { alerts, count, incident, type } = message
  const rules = [...new Set(alerts.map(({ rule }) => rule))].flatMap((rule) =>
    Object.hasOwn(RULES, rule) ? [RULES[rule as keyof typeof RULES]] : [],
  )
  const more = count - alerts.length
  return [
    `${message.title}.`,
    type === 'test' ? 'Somebody has asked for it in the console, to see whether alerts arrive here.' : '',
    alerts.map(line).join('\n'),
    more > 0 ? `and ${more} more.` : '',
    type === 'incident.over' ? overSentence(incident) : rules.map(({ words }) => words).join('\n\n'),
    incident.url,
  ]
    .filter(Boolean)
    .join('\n\n')
}

const line = ({ subject, title, says, since, resolvedAt }: ToldAlert) =>
  `- ${subject.name}: ${title.toLowerCase()} since ${clock(since)}${resolvedAt ? `, until ${clock(resolvedAt)}` : ''}. ${says}`

const overSentence = ({ begunAt, endedAt }: Message['incident']) =>
  endedAt ? `It lasted ${elapsed(new Date(begunAt), new Date(endedAt))}.` : ''

const clock = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`
