import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { familyName, isMinded, isProbed, nodeState, probeFound } from '../nodes/node-words.ts'
import { consoleFrame, copyable, liveRegion, type Operator } from './console-frame.ts'
import { ago, gigabytes, nothing, percent } from './figures.ts'
import { type Fleet, fleetMatters, fleetSentence, incidentSentence, silentSince } from './fleet-words.ts'

export const nodesPage = (fleet: Fleet, operator: Operator, now: Date) =>
  consoleFrame({
    title: 'Nodes',
    operator,
    at: 'nodes',
    content: html`${liveRegion('/console/events/nodes', nodesNow(fleet, now))}
<p class="deeds"><a class="button${fleet.nodes.length ? '' : ' first'}" href="/console/claims">Add a node</a></p>`,
  })

/** The sentence, the things to do, the table. */
export function nodesNow(fleet: Fleet, now: Date): Html {
  const matters = fleetMatters(fleet.nodes, now, fleet.incidents)
  const incidents = fleet.incidents.map(
    (each) => html`<li class="bad"><p>${incidentSentence(each, now)}</p></li>`,
  )
  return html`<h1>${fleetSentence(fleet, now)}</h1>
${matters.length + incidents.length ? html`<ul class="matters">${incidents}${matters.map(({ node, what, remedy, weight }) => html`<li class="${weight > 2 ? 'bad' : 'warn'}"><p><a href="/console/nodes/${node.id}">${node.name}</a> ${what} <span class="quiet">${remedy}</span></p></li>`)}</ul>` : ''}
${fleet.nodes.length ? nodesTable(fleet.nodes, now) : firstSteps}`
}

const firstSteps = html`<p class="lead">A claim lets one machine enrol as a node of this fleet. Make one, hand it to the machine, and it appears here.</p>`

const nodesTable = (nodes: NodeView[], now: Date) => html`<table class="dense">
<thead><tr><th scope="col">Node</th><th scope="col">Alive</th><th scope="col">Reachable by viewers</th><th scope="col">Standing</th><th scope="col">Address</th><th scope="col">Streams</th>
<th scope="col" class="number">CPU</th><th scope="col" class="number">Memory</th><th scope="col" class="number">Temp.</th><th scope="col">Release</th></tr></thead>
<tbody>
${revokedLast(nodes).map((node) => row(node, now))}</tbody>
</table>`

const revokedLast = (nodes: NodeView[]) =>
  nodes.toSorted((one, other) => Number(!!one.revokedAt) - Number(!!other.revokedAt))

function row(node: NodeView, now: Date) {
  const { cpu, memory, temperature } = nodeFigures(node, now)
  return html`<tr${node.revokedAt ? html` class="past"` : ''}>
<th scope="row"><a class="row" href="/console/nodes/${node.id}">${node.name}</a></th>
<td data-label="Alive">${aliveState(node, now)}</td>
<td data-label="Reachable">${node.revokedAt ? nothing : reachableStates(node, now)}</td>
<td data-label="Standing">${standingStates(node, now)}</td>
<td data-label="Address">${node.claimed ? copyable(node.claimed) : nothing}</td>
<td data-label="Streams">${node.streams.length ? node.streams.join(', ') : nothing}</td>
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
