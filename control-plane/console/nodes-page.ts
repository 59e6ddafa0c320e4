import { html } from 'hono/html'
import { usedShare } from '../limits/line-budget.ts'
import type { Html } from '../look/html-page.ts'
import { megabits } from '../look/megabits.ts'
import { NODES_ON_A_PAGE, NodeQuery, type NodeSelection, SHOWN, SORTS } from '../nodes/node-list.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { familyName, isMinded, isProbed, nodeState, probeFound } from '../nodes/node-words.ts'
import { consoleFrame, copyable, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, gigabytes, nothing, percent } from './figures.ts'
import { silentSince } from './fleet-words.ts'
import { KIND_WORDS } from './heat-grid.ts'

/** The nodes that were asked for, in full, and how many there are. */
export type NodesShown = { query: NodeQuery; selection: NodeSelection; nodes: NodeView[] }

export const nodesPage = (shown: NodesShown, operator: Operator, now: Date) =>
  consoleFrame({
    title: 'Nodes',
    operator,
    at: 'nodes',
    content: html`<form class="search" method="get" action="/console/nodes" role="search">
<label class="unseen" for="q">Find nodes</label><input id="q" name="q" type="search" value="${shown.query.q}" maxlength="100" placeholder="Name, address, stream, release" autocapitalize="none" spellcheck="false">
<label class="unseen" for="show">Which</label><select id="show" name="show">${SHOWN.map((each) => html`<option value="${each}"${each === shown.query.show ? html` selected` : ''}>${SHOWN_WORDS[each]}</option>`)}</select>
<label class="unseen" for="sort">Sorted by</label><select id="sort" name="sort">${SORTS.map((each) => html`<option value="${each}"${each === shown.query.sort ? html` selected` : ''}>${SORT_WORDS[each]}</option>`)}</select>
<button>Find</button>
${may(operator, '/console/claims') ? html`<a class="button" href="/console/claims">Add a node</a>` : ''}</form>
${liveRegion(`/console/events/nodes${queryText(shown.query)}`, nodesNow(shown, now))}
${may(operator, '/console/measurements', 'GET') ? html`<p class="after"><a href="/console/measurements">How nodes are measured</a></p>` : ''}`,
  })

const SORT_WORDS: Record<NodeQuery['sort'], string> = {
  worst: 'the worst first',
  name: 'by name',
  viewers: 'by viewers',
  sent: 'by what is sent',
  full: 'by how full the line is',
  heard: 'by last heartbeat',
  release: 'by release',
}

const SHOWN_WORDS: Record<NodeQuery['show'], string> = {
  ...KIND_WORDS,
  present: 'all',
  doubted: 'who may need you',
}

/** How many, the table, and the way to the others. */
export function nodesNow({ query, selection, nodes }: NodesShown, now: Date): Html {
  return html`<h1>${foundSentence(query, selection)}</h1>
${nodes.length ? nodesTable(nodes, query, now) : ''}
${selection.pages > 1 ? pager(query, selection) : ''}`
}

function foundSentence({ q, show }: NodeQuery, { total }: NodeSelection) {
  const count = total === 0 ? 'No node' : total === 1 ? '1 node' : `${total.toLocaleString('en')} nodes`
  const kind = show === 'present' ? '' : show === 'doubted' ? ' that may need you' : ` · ${KIND_WORDS[show]}`
  return `${count}${kind}${q ? ` with “${q}”` : ''}`
}

/** What the address says besides what goes without saying. */
export function queryText(query: NodeQuery, changes: Partial<NodeQuery> = {}): string {
  const said = Object.entries({ ...query, ...changes }).filter(
    ([name, value]) => value !== DEFAULTS[name as keyof NodeQuery],
  )
  return said.length === 0
    ? ''
    : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`
}
const DEFAULTS = NodeQuery.parse({})

const pager = (
  query: NodeQuery,
  { total, page, pages }: NodeSelection,
) => html`<nav class="pager" aria-label="Pages">
${page > 1 ? html`<a class="button" rel="prev" href="/console/nodes${queryText(query, { page: page - 1 })}">Before</a>` : ''}
<span class="quiet">${(page - 1) * NODES_ON_A_PAGE + 1} to ${Math.min(total, page * NODES_ON_A_PAGE)} of ${total.toLocaleString('en')}</span>
${page < pages ? html`<a class="button" rel="next" href="/console/nodes${queryText(query, { page: page + 1 })}">Next</a>` : ''}
</nav>`

const nodesTable = (nodes: NodeView[], query: NodeQuery, now: Date) => {
  const head = (words: string, sort: NodeQuery['sort'], kind = '') =>
    html`<th scope="col"${kind ? html` class="${kind}"` : ''}${query.sort === sort ? html` aria-sort="${sort === 'name' || sort === 'release' ? 'ascending' : 'descending'}"` : ''}><a href="/console/nodes${queryText(query, { sort, page: 1 })}">${words}</a></th>`
  return html`<table class="dense">
<thead><tr>${head('Node', 'name')}${head('Alive', 'heard')}${head('Reachable by viewers', 'worst')}<th scope="col">Standing</th><th scope="col">Address</th><th scope="col">Streams</th>
${head('Viewers', 'viewers', 'number')}${head('Sent', 'sent', 'number')}${head('Line', 'full', 'number')}<th scope="col" class="number">CPU</th><th scope="col" class="number">Memory</th><th scope="col" class="number">Temp.</th>${head('Release', 'release')}</tr></thead>
<tbody>
${nodes.map((node) => row(node, now))}</tbody>
</table>`
}

function row(node: NodeView, now: Date) {
  const { cpu, memory, temperature } = nodeFigures(node, now)
  const share = usedShare(node)
  return html`<tr${node.revokedAt ? html` class="past"` : ''}>
<th scope="row"><a class="row" href="/console/nodes/${node.id}">${node.name}</a></th>
<td data-label="Alive">${aliveState(node, now)}</td>
<td data-label="Reachable">${node.revokedAt ? nothing : reachableStates(node, now)}</td>
<td data-label="Standing">${standingStates(node, now)}</td>
<td data-label="Address">${node.claimed ? copyable(node.claimed) : nothing}</td>
<td data-label="Streams">${node.streams.length ? node.streams.join(', ') : nothing}</td>
<td data-label="Viewers" class="number">${node.load?.viewers ?? nothing}</td>
<td data-label="Sent" class="number">${node.load ? `${megabits(node.load.bitsPerSecond)} Mbit/s` : nothing}</td>
<td data-label="Line" class="number">${share === undefined ? nothing : percent(100 * share)}</td>
<td data-label="CPU" class="number">${cpu}</td>
<td data-label="Memory" class="number">${memory}</td>
<td data-label="Temp." class="number">${temperature}</td>
<td data-label="Release">${node.release ?? nothing}</td>
</tr>
`
}

export function aliveState(node: NodeView, now: Date): Html {
  const word = nodeState(node)
  if (node.revokedAt) return state('off', word, node.revokedAt, now)
  if (!node.alive) return html`<span class="state off">${word}</span>`
  if (!node.alive.is) return state(isMinded(node) ? 'bad' : 'off', word, silentSince(node, node.alive), now)
  return state(word === 'alive' ? 'well' : 'bad', word, node.alive.since, now)
}

/** One line per address family. */
export function reachableStates(node: NodeView, now: Date): Html {
  if (node.reachable.length === 0) return html`<span class="state off">not probed yet</span>`
  const found = isProbed(node) ? probeNow : probeThen
  return html`<ul class="plain">${node.reachable.map((probe) => html`<li>${found(probe, node, now)}</li>`)}</ul>`
}

/** What an operator has it do, if it is not to serve; what its probes and its lease add up to, one line per address family. The cause of a failed probe stands beside it already. */
export function standingStates(node: NodeView, now: Date): Html {
  const { revokedAt, quarantinedUntil, standings = [], duty } = node
  const told = duty && duty.is !== 'serving' ? [state('off', duty.is, duty.since, now)] : []
  if (revokedAt || quarantinedUntil || standings.length + told.length === 0) return nothing
  return html`<ul class="plain">${told.map((each) => html`<li>${each}</li>`)}${standings.map((each) => html`<li>${state(isMinded(node) ? STANDING_KINDS[each.state] : 'off', `${familyName(each)} ${each.state}`, each.since, now)}</li>`)}</ul>`
}

const STANDING_KINDS = {
  pending: 'off',
  healthy: 'well',
  suspect: 'warn',
  unreachable: 'bad',
  offline: 'bad',
  flapping: 'warn',
} as const

type Probe = NodeView['reachable'][number]

const probeNow = (probe: Probe, node: NodeView, now: Date) =>
  probe.is
    ? state('well', probeFound(probe, node), probe.since, now)
    : html`${state('bad', probeFound(probe, node), probe.since, now)}${probe.cause ? html`<span class="cause">${probe.cause}</span>` : ''}`

const probeThen = (probe: Probe, node: NodeView, now: Date) =>
  html`<span class="state off">${probeFound(probe, node)} <span class="quiet">${ago(probe.checkedAt, now)} ago</span></span>`

const state = (kind: 'well' | 'warn' | 'bad' | 'off', word: string, since: Date, now: Date) =>
  html`<span class="state ${kind}">${word} <span class="quiet">${ago(since, now)}</span></span>`

const STALE_MS = 30_000

/** What the node last measured of itself says nothing about now when it is some measurements old. */
export const isMeasuredNow = ({ metricsAt }: NodeView, now: Date) =>
  metricsAt !== undefined && now.getTime() - metricsAt.getTime() < STALE_MS

export function nodeFigures(node: NodeView, now: Date) {
  const { metrics } = node
  if (!metrics || !isMeasuredNow(node, now)) return { cpu: nothing, memory: nothing, temperature: nothing }
  const { cpu, memory, temperatureCelsius } = metrics
  const used = `${gigabytes(memory.usedBytes)} of ${gigabytes(memory.totalBytes)}`
  return {
    cpu: html`<span title="${cpu.cores} cores, load ${cpu.load1.toFixed(2)}">${percent(cpu.percent)}</span>`,
    memory: html`<span title="${used}">${percent((100 * memory.usedBytes) / Math.max(1, memory.totalBytes))}</span>`,
    temperature: temperatureCelsius === undefined ? nothing : html`${Math.round(temperatureCelsius)} °C`,
  }
}
