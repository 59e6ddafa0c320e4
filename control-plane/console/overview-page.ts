import { html } from 'hono/html'
import type { AuditEntry } from '../audit/audit-chain.ts'
import type { Happening } from '../happenings/happening.ts'
import { usedShare } from '../limits/line-budget.ts'
import type { Html } from '../look/html-page.ts'
import { megabits } from '../look/megabits.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { consoleFrame, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, nothing, percent } from './figures.ts'
import { egressSentence, type Fleet, fleetMatters, fleetSentence, incidentSentence } from './fleet-words.ts'
import { heatGrid } from './heat-grid.ts'
import { streamState } from './streams-page.ts'
import { happeningState } from './timeline-page.ts'

/** More are told by their number: nobody reads a hundred sentences. */
const MOST_MATTERS = 8
const MOST_LINES = 5

/** What the page shows, besides the fleet: what people have done lately. */
type Overview = Fleet & { deeds: AuditEntry[]; happened: Happening[] }

export const overviewPage = (overview: Overview, operator: Operator, now: Date) =>
  consoleFrame({
    title: 'Overview',
    operator,
    at: 'overview',
    content: html`${liveRegion('/console/events/overview', overviewNow(overview, now))}
${may(operator, '/console/claims') ? html`<p class="deeds"><a class="button${overview.nodes.length ? '' : ' first'}" href="/console/claims">Add a node</a></p>` : ''}`,
  })

/** Is everything all right? The sentence, the things to do, and then the data. */
export function overviewNow({ deeds, happened, ...fleet }: Overview, now: Date): Html {
  if (fleet.nodes.length === 0)
    return html`<h1>${fleetSentence(fleet, now)}</h1>
<p class="lead">A claim lets one machine enrol as a node of this fleet. Make one, hand it to the machine, and it appears here.</p>`
  return html`<h1>${fleetSentence(fleet, now)}</h1>
<p class="lead quiet">${egressSentence(fleet.nodes)}</p>
${mattersList(fleet, now)}
${heatGrid(fleet.nodes)}
${linesTable(fleet.nodes)}
${liveTable(fleet, now)}
${happenedTable(happened, fleet.nodes, now)}
${deedsTable(deeds, now)}`
}

function mattersList(fleet: Fleet, now: Date) {
  const matters = fleetMatters(fleet.doubted, now, fleet.incidents)
  if (matters.length + fleet.incidents.length === 0) return ''
  const more = matters.length - MOST_MATTERS
  return html`<ul class="matters">${fleet.incidents.map((each) => html`<li class="bad"><p>${incidentSentence(each, now)}</p></li>`)}${matters.slice(0, MOST_MATTERS).map(({ node, what, remedy, weight }) => html`<li class="${weight > 2 ? 'bad' : 'warn'}"><p><a href="/console/nodes/${node.id}">${node.name}</a> ${what} <span class="quiet">${remedy}</span></p></li>`)}${more > 0 ? html`<li class="warn"><p><a href="/console/nodes?show=doubted">More nodes need you</a>: these are the worst.</p></li>` : ''}</ul>`
}

/** Whose line is the fullest: the next viewers will not go there. */
function linesTable(nodes: NodeBrief[]) {
  const fullest = nodes
    .map((node) => ({ node, share: usedShare(node) }))
    .filter(({ node, share }) => share !== undefined && node.load && node.load.viewers > 0)
    .toSorted((one, other) => (other.share ?? 0) - (one.share ?? 0))
    .slice(0, MOST_LINES)
  if (fullest.length === 0) return ''
  return html`<section class="deed" aria-labelledby="lines"><h2 id="lines">The fullest lines</h2>
<table class="dense"><thead><tr><th scope="col">Node</th><th scope="col" class="number">Viewers</th><th scope="col" class="number">Sent</th><th scope="col" class="number">Of what it may</th></tr></thead>
<tbody>${fullest.map(
    ({
      node: { id, name, load },
      share = 0,
    }) => html`<tr><th scope="row"><a class="row" href="/console/nodes/${id}">${name}</a></th>
<td data-label="Viewers" class="number">${load?.viewers}</td>
<td data-label="Sent" class="number">${megabits(load?.bitsPerSecond ?? 0)} Mbit/s</td>
<td data-label="Of what it may" class="number">${percent(100 * share)}</td></tr>
`,
  )}</tbody></table></section>`
}

function liveTable({ streams }: Fleet, now: Date) {
  const live = streams.filter(({ state }) => state === 'live' || state === 'waiting' || state === 'lost')
  if (live.length === 0) return ''
  const shown = live.slice(0, MOST_MATTERS)
  return html`<section class="deed" aria-labelledby="live"><h2 id="live">Streams</h2>
<table class="dense"><thead><tr><th scope="col">Stream</th><th scope="col">State</th><th scope="col">Node</th></tr></thead>
<tbody>${shown.map(
    (
      stream,
    ) => html`<tr><th scope="row"><a class="row" href="/console/streams/${stream.name}">${stream.title}</a></th>
<td data-label="State">${streamState(stream, now)}</td>
<td data-label="Node">${stream.node?.name ?? nothing}</td></tr>
`,
  )}</tbody></table>${live.length > shown.length ? html`<p class="after"><a href="/console/streams">All ${live.length}</a></p>` : ''}</section>`
}

function happenedTable(happened: Happening[], nodes: NodeBrief[], now: Date) {
  if (happened.length === 0) return ''
  const names = new Map(nodes.map(({ id, name }) => [id, name]))
  return html`<section class="deed" aria-labelledby="happened"><h2 id="happened">Happened lately</h2>
<table class="dense"><thead><tr><th scope="col">When</th><th scope="col">Node</th><th scope="col">What</th></tr></thead>
<tbody>${happened.map(
    ({
      at,
      nodeId,
      kind,
      words,
    }) => html`<tr><th scope="row">${ago(at, now)} ago</th><td data-label="Node"><a class="row" href="/console/nodes/${nodeId}">${names.get(nodeId) ?? nodeId}</a></td><td data-label="What">${happeningState(kind, words)}</td></tr>
`,
  )}</tbody></table></section>`
}

const deedsTable = (deeds: AuditEntry[], now: Date) =>
  deeds.length === 0
    ? ''
    : html`<section class="deed" aria-labelledby="deeds"><h2 id="deeds">Done lately</h2>
<table class="dense"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Deed</th><th scope="col">On</th></tr></thead>
<tbody>${deeds.map(
        (
          each,
        ) => html`<tr><th scope="row">${ago(each.at, now)} ago</th><td data-label="Who">${each.who}</td><td data-label="Deed">${each.deed}</td><td data-label="On">${each.subject || nothing}</td></tr>
`,
      )}</tbody></table><p class="after"><a href="/console/record">The whole record</a></p></section>`
