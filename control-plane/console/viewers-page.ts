import { html } from 'hono/html'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import { type Experience, experienceOf } from '../beacons/experience.ts'
import { experienceSentence } from '../beacons/experience-words.ts'
import type { Html } from '../look/html-page.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { leadsTo, RELAY } from '../steering/pathway-id.ts'
import type { Candidate } from '../steering/rank-pathways.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { consoleFrame, liveRegion, may, type Operator } from './console-frame.ts'
import { nothing, percent } from './figures.ts'
import type { Fleet } from './fleet-words.ts'

/** Who is asked about, as it was typed, and what was thought of for him; or why nothing can be. */
export type Question = { stream: string; address: string; candidates?: Candidate[]; problem?: string }

type ViewersPage = Pick<Fleet, 'told' | 'nodes' | 'streams'> & { operator: Operator; question: Question }

export const viewersPage = ({ operator, question, ...fleet }: ViewersPage) =>
  consoleFrame({
    title: 'Viewers',
    operator,
    at: 'viewers',
    content: html`${liveRegion('/console/events/viewers', viewersNow(fleet))}
${may(operator, '/v1/why/-', 'GET') ? whySection(question, fleet) : ''}`,
  })

export function viewersNow({ told, nodes, streams }: Pick<Fleet, 'told' | 'nodes' | 'streams'>): Html {
  return html`<h1>What viewers met with</h1>
<p class="lead">${experienceSentence(experienceOf(told))}</p>
<p class="quiet">As their players told in the last hour. Nothing of any one viewer is kept.</p>
${streamsTable(told, streams)}
${pathwaysTable(told, nodes)}`
}

function streamsTable(told: BeaconCount[], streams: StreamView[]) {
  const byStream = [...Map.groupBy(told, ({ stream }) => stream)]
    .map(([name, counts]) => ({ name, ...experienceOf(counts) }))
    .toSorted((one, other) => other.viewerHours - one.viewerHours)
  if (byStream.length === 0) return ''
  const titles = new Map(streams.map(({ name, title }) => [name, title]))
  return html`<section class="deed" aria-labelledby="by-stream"><h2 id="by-stream">By stream</h2>
<table class="dense"><thead><tr><th scope="col">Stream</th><th scope="col" class="number">Began</th><th scope="col" class="number">First picture, median</th><th scope="col" class="number">95 % within</th><th scope="col" class="number">Stalls per viewer hour</th><th scope="col" class="number">Hours watched</th><th scope="col" class="number">Ways that failed</th></tr></thead>
<tbody>${byStream.map(
    (
      each,
    ) => html`<tr><th scope="row"><a class="row" href="/console/streams/${each.name}">${titles.get(each.name) ?? each.name}</a></th>
${figures(each)}</tr>
`,
  )}</tbody></table></section>`
}

function figures({ joins, medianJoinMs, p95JoinMs, stallsPerViewerHour, viewerHours, failures }: Experience) {
  const failed = failures.reduce((all, { refused, timeout, error }) => all + refused + timeout + error, 0)
  return html`<td data-label="Began" class="number">${joins}</td>
<td data-label="First picture, median" class="number">${medianJoinMs === undefined ? nothing : seconds(medianJoinMs)}</td>
<td data-label="95 % within" class="number">${p95JoinMs === undefined ? nothing : seconds(p95JoinMs)}</td>
<td data-label="Stalls per viewer hour" class="number">${stallsPerViewerHour ?? nothing}</td>
<td data-label="Hours watched" class="number">${viewerHours}</td>
<td data-label="Ways that failed" class="number">${failed}</td>`
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

/** By which ways they watched, and which failed them. */
function pathwaysTable(told: BeaconCount[], nodes: NodeBrief[]) {
  const byPlace = [...Map.groupBy(told, ({ pathway }) => placeOf(pathway, nodes))].map(([place, counts]) => ({
    ...{ place, ...experienceOf(counts) },
    watched: counts.reduce((all, { kind, total }) => all + (kind === 'watched' ? total : 0), 0),
  }))
  const all = byPlace.reduce((sum, { watched }) => sum + watched, 0)
  if (byPlace.length === 0) return ''
  return html`<section class="deed" aria-labelledby="by-way"><h2 id="by-way">By the way they took</h2>
<table class="dense"><thead><tr><th scope="col">Way</th><th scope="col" class="number">Share of what was watched</th><th scope="col" class="number">Refused</th><th scope="col" class="number">Fell silent</th><th scope="col" class="number">Did not play</th></tr></thead>
<tbody>${byPlace
    .toSorted((one, other) => other.watched - one.watched)
    .map(({ place, watched, failures }) => {
      const many = (how: 'refused' | 'timeout' | 'error') =>
        failures.reduce((sum, each) => sum + each[how], 0)
      const node = nodes.find(({ id }) => id === place)
      return html`<tr><th scope="row">${node ? html`<a class="row" href="/console/nodes/${node.id}">${node.name}</a>` : place}</th>
<td data-label="Share of what was watched" class="number">${all > 0 ? percent((100 * watched) / all) : nothing}</td>
<td data-label="Refused" class="number">${many('refused')}</td><td data-label="Fell silent" class="number">${many('timeout')}</td><td data-label="Did not play" class="number">${many('error')}</td></tr>
`
    })}</tbody></table></section>`
}

/** A node has another pathway wherever it goes: to an operator it is one. */
function placeOf(pathway: string, nodes: NodeBrief[]): string {
  if (pathway === RELAY) return 'the relay'
  return nodes.find(({ id }) => leadsTo(pathway, id))?.id ?? 'a node that is gone'
}

function whySection(
  { stream, address, candidates, problem }: Question,
  { nodes, streams }: Pick<Fleet, 'nodes' | 'streams'>,
) {
  const live = streams.filter(({ state }) => state === 'live')
  return html`<section class="deed" aria-labelledby="why"><h2 id="why">Why is a viewer sent there?</h2>
<form class="stack" method="get" action="/console/viewers">
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="stream">Stream</label>
<select id="stream" name="stream">${live.map(({ name, title }) => html`<option value="${name}"${name === stream ? html` selected` : ''}>${title}</option>`)}</select>
<label for="address">His address <span class="quiet">as he comes from; empty: yours</span></label>
<input id="address" name="address" value="${address}" maxlength="45" autocomplete="off" autocapitalize="none" spellcheck="false">
<button${live.length ? '' : html` disabled`}>Ask</button>
</form>
${live.length ? '' : html`<p class="quiet">Nothing is live: nobody is sent anywhere.</p>`}
${candidates ? candidatesTable(candidates, nodes) : ''}</section>`
}

const candidatesTable = (
  candidates: Candidate[],
  nodes: NodeBrief[],
) => html`<table class="dense" id="ways"><thead><tr><th scope="col">Way</th><th scope="col">Where</th><th scope="col">Given to him</th><th scope="col">Why</th></tr></thead>
<tbody>${candidates.map(
  (
    { pathway, host, chosen, why },
    at,
  ) => html`<tr><th scope="row">${nodes.find(({ id }) => leadsTo(pathway, id))?.name ?? placeOf(pathway, nodes)}</th>
<td data-label="Where">${host ? html`<code>${host}</code>` : nothing}</td>
<td data-label="Given to him">${chosen ? html`<span class="state well">${at === 0 ? 'first' : `as number ${at + 1}`}</span>` : html`<span class="state off">no</span>`}</td>
<td data-label="Why">${why}</td></tr>
`,
)}</tbody></table>`
