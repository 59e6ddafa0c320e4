import { html } from 'hono/html'
import { type Alert, isOpen, worstFirst } from '../alerts/alert.ts'
import type { IncidentView, Telling } from '../alerts/alert-desk.ts'
import { RULES } from '../alerts/alert-rules.ts'
import { alertsTitle } from '../alerts/alert-words.ts'
import { elapsed } from '../look/elapsed.ts'
import type { Html } from '../look/html-page.ts'
import { severityState, silenceFields, subjectLink } from './alert-elements.ts'
import { consoleFrame, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, moment, nothing } from './figures.ts'

type IncidentPage = { incident: IncidentView; tellings: Telling[]; operator: Operator; now: Date }

/** Nobody reads more. */
const MOST_ALERTS = 200

/** One incident: what belongs to it, what it means, who was told, and who sees to it. */
export const incidentPage = ({ incident, tellings, operator, now }: IncidentPage) =>
  consoleFrame({
    title: alertsTitle(incident.alerts),
    operator,
    at: 'alerts',
    content: html`<p class="crumb"><a href="/console/alerts">Alerts</a></p>
${liveRegion(`/console/events/alerts/${incident.id}`, incidentNow({ incident, tellings, now }))}
${incident.endedAt ? '' : deeds(incident, operator)}`,
  })

export function incidentNow({ incident, tellings, now }: Omit<IncidentPage, 'operator'>): Html {
  const alerts = incident.alerts.toSorted(worstFirst)
  const rules = [...new Set(alerts.map(({ rule }) => rule))]
  return html`<h1>${alertsTitle(incident.endedAt ? alerts : alerts.filter(isOpen)) || 'Nothing is open'}.</h1>
<p class="lead">${standing(incident, now)}</p>
<table class="dense">
<thead><tr><th scope="col">About</th><th scope="col">What</th><th scope="col">State</th><th scope="col">Since</th><th scope="col">What was found</th></tr></thead>
<tbody>${alerts.slice(0, MOST_ALERTS).map((alert) => alertRow(alert, incident.isSilenced, now))}</tbody></table>
${alerts.length > MOST_ALERTS ? html`<p class="after quiet">and ${alerts.length - MOST_ALERTS} more</p>` : ''}
<section class="deed" aria-labelledby="means"><h2 id="means">What it means, and what to do</h2>
${rules.map((name) => html`<p class="lead">${RULES[name].words}</p>`)}</section>
${tellings.length ? toldTable(tellings, now) : ''}`
}

function standing({ begunAt, endedAt, acknowledged, isSilenced, toldAt }: IncidentView, now: Date): Html {
  if (endedAt)
    return html`It began ${ago(begunAt, now)} ago, lasted ${elapsed(begunAt, endedAt)} and is over${acknowledged ? `. ${acknowledged.by} saw to it` : ''}.`
  const who = acknowledged
    ? html`${acknowledged.by} has been seeing to it for ${ago(acknowledged.at, now)}.`
    : 'Nobody has said yet that he sees to it.'
  return html`It has been open for ${ago(begunAt, now)}. ${who}${isSilenced ? ' It is silenced: nobody is told.' : toldAt ? '' : ' It is told in a moment, with what else belongs to it.'}`
}

const alertRow = (
  { subject, rule, state, says }: Alert,
  isSilenced: boolean,
  now: Date,
) => html`<tr${state.name === 'resolved' ? html` class="past"` : ''}><th scope="row">${subjectLink(subject, true)}</th>
<td data-label="What">${RULES[rule].title}</td>
<td data-label="State">${alertState(rule, state, isSilenced, now)}</td>
<td data-label="Since">${moment(new Date(state.since), `${elapsed(new Date(state.since), now)} ago`)}</td>
<td data-label="Found">${says || nothing}</td></tr>
`

function alertState(rule: Alert['rule'], state: Alert['state'], isSilenced: boolean, now: Date): Html {
  if (state.name === 'resolved')
    return html`<span class="state off">over <span class="quiet">${ago(new Date(state.at), now)}</span></span>`
  if (state.name === 'clearing')
    return html`<span class="state off">well for ${ago(new Date(state.clearSince), now)}</span>`
  return severityState(RULES[rule].severity, isSilenced)
}

const KIND_WORDS: Record<Telling['kind'], string> = {
  opened: 'it began',
  grown: 'it grew',
  over: 'it is over',
}

const toldTable = (
  tellings: Telling[],
  now: Date,
) => html`<section class="deed" aria-labelledby="told"><h2 id="told">Who was told</h2>
<table class="dense"><thead><tr><th scope="col">That</th><th scope="col">By</th><th scope="col">State</th><th scope="col">How it went</th></tr></thead>
<tbody>${tellings.map(
  (
    telling,
  ) => html`<tr><th scope="row">${KIND_WORDS[telling.kind]}</th><td data-label="By">${telling.channel.kind} <code>${telling.channel.id}</code></td>
<td data-label="State">${toldState(telling, now)}</td>
<td data-label="How it went">${telling.error ? html`${telling.error}. ${telling.nextAt ? html`It is tried again in ${moment(telling.nextAt, elapsed(now, telling.nextAt))}.` : ''}` : nothing}</td></tr>
`,
)}</tbody></table></section>`

function toldState({ sentAt, givenUpAt, attempts, madeAt }: Telling, now: Date): Html {
  const [kind, words, at] = sentAt
    ? ['well', 'told', sentAt]
    : givenUpAt
      ? ['bad', 'given up', givenUpAt]
      : attempts > 0
        ? ['warn', attempts === 1 ? 'tried once' : `tried ${attempts} times`, madeAt]
        : ['off', 'on its way', madeAt]
  return html`<span class="state ${kind}">${words} <span class="quiet">${ago(at, now)}</span></span>`
}

function deeds(incident: IncidentView, operator: Operator): Html | string {
  const path = `/console/alerts/${incident.id}`
  if (!may(operator, `${path}/acknowledge`)) return ''
  return html`<section class="deed" aria-labelledby="deeds"><h2 id="deeds">What you can do</h2>
${
  incident.acknowledged
    ? ''
    : html`<p class="quiet">Who sees to it says so: the others read it here, and nobody is told that it grows. Its end is told.</p>
<form class="deeds" method="post" action="${path}/acknowledge">${csrfField(operator)}<button class="first">I see to it</button></form>`
}
<form class="stack" method="post" action="${path}/silence">${csrfField(operator)}
${silenceFields(scopes(incident), 'until it is over')}
</form></section>`
}

/** This incident, and what it is about. */
function scopes({ id, alerts }: IncidentView): [of: string, words: string][] {
  const rules = [...new Set(alerts.map(({ rule }) => rule))]
  const nodes = new Map(
    alerts.flatMap(({ nodeId, subject }) =>
      nodeId === undefined ? [] : [[nodeId, subject.kind === 'node' ? subject.name : nodeId.slice(0, 8)]],
    ),
  )
  return [
    [`incident ${id}`, 'this incident'],
    ...rules.map((rule): [string, string] => [`rule ${rule}`, `${RULES[rule].title}, everywhere`]),
    ...[...nodes]
      .slice(0, 20)
      .map(([node, name]): [string, string] => [`node ${node}`, `everything of ${name}`]),
  ]
}
