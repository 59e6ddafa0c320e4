import { html } from 'hono/html'
import { type Alert, isOpen, worstFirst, worstOf } from '../alerts/alert.ts'
import type { AlertBoard, IncidentView } from '../alerts/alert-desk.ts'
import { RULE_NAMES, RULES, type RuleName } from '../alerts/alert-rules.ts'
import { alertsTitle } from '../alerts/alert-words.ts'
import { elapsed } from '../look/elapsed.ts'
import type { Html } from '../look/html-page.ts'
import { severityState, silenceFields, subjectLink } from './alert-elements.ts'
import { consoleFrame, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, moment, nothing } from './figures.ts'

type AlertsPage = { board: AlertBoard; operator: Operator; now: Date; problem?: string | undefined }

const MOST_NAMED = 4

/** What needs somebody, worst first, and what did. */
export const alertsPage = ({ board, operator, now, problem }: AlertsPage) =>
  consoleFrame({
    title: 'Alerts',
    operator,
    at: 'alerts',
    content: html`<p class="crumb"><a href="/console/alerts/rules">Rules</a> · <a href="/console/alerts/channels">Channels</a></p>
${liveRegion('/console/events/alerts', alertsNow(board, now))}
${silencesSection(board, operator, now, problem)}`,
  })

export const alertsNow = (
  { open, ended, channels }: AlertBoard,
  now: Date,
): Html => html`<h1>${boardSentence(open)}</h1>
${channels === 0 ? html`<ul class="matters"><li class="warn"><p>Nobody is told of alerts by mail or webhook yet. <a href="/console/alerts/channels">Add a channel</a></p></li></ul>` : ''}
${open.length ? openTable(open, now) : ''}
${ended.length ? endedTable(ended, now) : ''}`

export function boardSentence(open: IncidentView[]): string {
  const heard = open.filter(({ isSilenced }) => !isSilenced)
  const silent = open.length - heard.length
  const more = heard.length > 0 ? ' more' : ''
  const silenced = silent === 0 ? '' : ` ${silent}${more} ${silent === 1 ? 'is' : 'are'} silenced.`
  if (heard.length === 0) return `Nothing needs you.${silenced}`
  const seen = heard.filter(({ acknowledged }) => acknowledged).length
  const said = heard.length === 1 ? '1 incident is open.' : `${heard.length} incidents are open.`
  if (seen === 0) return said + silenced
  const seenTo = seen < heard.length ? `Somebody sees to ${seen}.` : 'Somebody sees to it.'
  return `${said} ${heard.length > 1 && seen === heard.length ? 'Somebody sees to each.' : seenTo}${silenced}`
}

const openTable = (open: IncidentView[], now: Date) => html`<table class="dense">
<thead><tr><th scope="col">Incident</th><th scope="col">State</th><th scope="col">Since</th><th scope="col">About</th><th scope="col">Who sees to it</th></tr></thead>
<tbody>${open.map((incident) => openRow(incident, now))}</tbody></table>`

function openRow(incident: IncidentView, now: Date) {
  const alerts = incident.alerts.filter(isOpen).toSorted(worstFirst)
  return html`<tr><th scope="row"><a class="row" href="/console/alerts/${incident.id}">${alertsTitle(alerts)}</a></th>
<td data-label="State">${severityState(worstOf(alerts), incident.isSilenced)}</td>
<td data-label="Since">${ago(incident.begunAt, now)}</td>
<td data-label="About">${subjectLinks(alerts)}</td>
<td data-label="Who sees to it">${incident.acknowledged ? html`${incident.acknowledged.by} <span class="quiet">for ${ago(incident.acknowledged.at, now)}</span>` : html`<span class="quiet">nobody yet</span>`}</td></tr>
`
}

function subjectLinks(alerts: Alert[]): Html {
  const subjects = [
    ...new Map(alerts.map(({ subject }) => [`${subject.kind} ${subject.id}`, subject])).values(),
  ]
  const more = subjects.length - MOST_NAMED
  return html`${subjects.slice(0, MOST_NAMED).map((subject, at) => html`${at > 0 ? ', ' : ''}${subjectLink(subject)}`)}${more > 0 ? ` and ${more} more` : ''}`
}

const endedTable = (
  ended: IncidentView[],
  now: Date,
) => html`<section class="deed" aria-labelledby="over"><h2 id="over">Over lately</h2>
<table class="dense"><thead><tr><th scope="col">Incident</th><th scope="col">Over for</th><th scope="col">Lasted</th><th scope="col">Who saw to it</th></tr></thead>
<tbody>${ended.map(
  ({
    id,
    alerts,
    begunAt,
    endedAt = now,
    acknowledged,
  }) => html`<tr class="past"><th scope="row"><a class="row" href="/console/alerts/${id}">${alertsTitle(alerts)}</a></th>
<td data-label="Over for">${ago(endedAt, now)}</td>
<td data-label="Lasted">${elapsed(begunAt, endedAt)}</td>
<td data-label="Who saw to it">${acknowledged?.by ?? nothing}</td></tr>
`,
)}</tbody></table></section>`

function silencesSection(board: AlertBoard, operator: Operator, now: Date, problem: string | undefined) {
  const { silences } = board
  const mayChange = may(operator, '/console/alerts/silences')
  if (silences.length === 0 && !mayChange) return ''
  return html`<section class="deed" aria-labelledby="silences"><h2 id="silences">Silences</h2>
<p class="quiet">Nobody is told of what is silenced; it stands here all the same. A node that is worked on is better put in maintenance, on its own page.</p>
${silences.length ? silenceTable(board, operator, now, mayChange) : ''}
${mayChange ? silenceForm(operator, problem) : ''}</section>`
}

const silenceTable = (
  board: AlertBoard,
  operator: Operator,
  now: Date,
  mayLift: boolean,
) => html`<table class="dense">
<thead><tr><th scope="col">Silent</th><th scope="col">Until</th><th scope="col">Why</th><th scope="col">By</th><th scope="col"><span class="unseen">Action</span></th></tr></thead>
<tbody>${board.silences.map(
  ({
    id,
    scope,
    scopeId,
    until,
    reason,
    madeBy,
    madeAt,
  }) => html`<tr><th scope="row">${scopeWords(scope, scopeId, board)}</th>
<td data-label="Until">${until ? moment(until) : 'it is over'}</td>
<td data-label="Why">${reason || nothing}</td>
<td data-label="By">${madeBy} <span class="quiet">${ago(madeAt, now)} ago</span></td>
<td>${mayLift ? html`<form method="post" action="/console/alerts/silences/${id}/lift">${csrfField(operator)}<button>Lift</button></form>` : ''}</td></tr>
`,
)}</tbody></table>`

function scopeWords(
  scope: AlertBoard['silences'][number]['scope'],
  id: string,
  { open, ended }: AlertBoard,
): Html {
  if (scope === 'all') return html`Everything`
  if (scope === 'rule') return html`${RULES[id as RuleName]?.title ?? id}, everywhere`
  const alerts = [...open, ...ended].flatMap((incident) => incident.alerts)
  if (scope === 'node') {
    const name = alerts.find(({ subject }) => subject.kind === 'node' && subject.id === id)?.subject.name
    return html`Everything of <a href="/console/nodes/${id}">${name ?? id.slice(0, 8)}</a>`
  }
  const title = alertsTitle(alerts.filter(({ incidentId }) => incidentId === id))
  return html`<a href="/console/alerts/${id}">${title || 'One incident'}</a>`
}

const silenceForm = (
  operator: Operator,
  problem: string | undefined,
) => html`<form class="stack" method="post" action="/console/alerts/silences">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
${silenceFields([['all', 'everything'], ...RULE_NAMES.map((name): [string, string] => [`rule ${name}`, `${RULES[name].title}, everywhere`])])}
</form>`
