import { html } from 'hono/html'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import { experienceOf } from '../beacons/experience.ts'
import { experienceSentence } from '../beacons/experience-words.ts'
import type { Html } from '../look/html-page.ts'
import { megabits } from '../look/megabits.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { familyName } from '../nodes/node-words.ts'
import type { Incident } from '../reachability/incident.ts'
import { leadsTo } from '../steering/pathway-id.ts'
import { consoleFrame, copyable, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { dutySection } from './duty-section.ts'
import { ago, gigabytes, moment, nothing, percent } from './figures.ts'
import { fleetMatters } from './fleet-words.ts'
import { aliveState, isMeasuredNow, nodeFigures, reachableStates, standingStates } from './nodes-page.ts'
import { processesSection } from './processes-section.ts'

type NodePage = {
  node: NodeView
  incidents: Incident[]
  told: BeaconCount[]
  operator: Operator
  now: Date
  problem?: string
}

export function nodePage({ node, incidents, told, operator, now, problem }: NodePage) {
  const shows = (deed: string, method: 'GET' | 'POST' = 'POST') =>
    !node.revokedAt && may(operator, `/console/nodes/${node.id}/${deed}`, method)
  return consoleFrame({
    title: node.name,
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a></p>
<h1>${node.name}</h1>
${liveRegion(`/console/events/nodes/${node.id}`, nodeNow({ node, incidents, told, now }))}
<p class="deeds"><a class="button" href="/console/nodes/${node.id}/verdict">Will viewers reach it?</a>${may(operator, `/console/nodes/${node.id}/charts`, 'GET') ? html` <a class="button" href="/console/nodes/${node.id}/charts">See it over time</a> <a class="button" href="/console/nodes/${node.id}/timeline">What happened to it</a>` : ''}${shows('orders', 'GET') ? html` <a class="button" href="/console/nodes/${node.id}/orders">Configure and command it</a>` : ''}</p>
${shows('duty') ? dutySection(node, operator) : ''}
${shows('revoke') ? revocation(node, operator, problem) : ''}`,
  })
}

export function nodeNow({ node, incidents, told, now }: Omit<NodePage, 'operator'>): Html {
  const { cpu, memory, temperature } = nodeFigures(node, now)
  const matters = fleetMatters([node], now, incidents)
  return html`${matters.map(({ what, remedy, weight }) => html`<ul class="matters"><li class="${weight > 2 ? 'bad' : 'warn'}"><p>It ${what} <span class="quiet">${remedy}</span></p></li></ul>`)}
<dl class="facts">
${fact('Alive', aliveState(node, now))}
${fact('Reachable by viewers', reachableStates(node, now))}
${fact('Standing', standingStates(node, now))}
${segments(node, now)}
${fact('Address', node.claimed ? copyable(node.claimed) : nothing)}
${node.otherAddress ? fact('Other address', copyable(node.otherAddress)) : ''}
${fact('Streams', streamLinks(node))}
${uplink(node)}
${fact('Viewers', experienceSentence(experienceOf(told.filter(({ pathway }) => leadsTo(pathway, node.id)))))}
${fact('CPU', cpu)}${fact('Memory', memory)}${fact('Temperature', temperature)}
${storage(node, now)}
${fact('Release', node.release ?? nothing)}
${fact('Enrolled', html`${ago(node.enrolledAt, now)} ago, ${moment(node.enrolledAt)}`)}
${fact('Identity', copyable(node.id))}
</dl>
${isMeasuredNow(node, now) ? processesSection(node.metrics?.processes ?? []) : ''}`
}

const fact = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`

/** What a viewer would have got, when that was last tried. */
const segments = ({ segments: tried = [] }: NodeView, now: Date) =>
  tried.map((each) =>
    fact(
      `Segment over ${familyName(each)}`,
      html`<span class="state ${each.is ? 'well' : 'bad'}">${each.is ? 'fetched' : 'not fetched'} <span class="quiet">${ago(each.checkedAt, now)} ago</span></span><span class="cause">${each.cause ?? `One of ${each.stream}, in ${each.milliseconds} ms`}</span>`,
    ),
  )

/** What it sends, of what it may: as of its last heartbeat. */
function uplink({ load, budget }: NodeView) {
  const room = [
    ...(budget?.bitsPerSecond === undefined ? [] : [`${megabits(budget.bitsPerSecond)} Mbit/s`]),
    ...(budget?.viewers === undefined ? [] : [`${budget.viewers} viewers`]),
  ].join(', ')
  if (!load && !room) return ''
  const sent = load
    ? `${load.viewers === 1 ? '1 viewer' : `${load.viewers} viewers`}, ${megabits(load.bitsPerSecond)} Mbit/s`
    : 'unknown'
  return fact(
    'Sent to viewers',
    html`${sent} <span class="quiet">${room ? `may send ${room}` : 'no limit is known'}</span>`,
  )
}

const streamLinks = ({ streams }: NodeView) =>
  streams.length === 0
    ? nothing
    : html`${streams.map((name, index) => html`${index ? ', ' : ''}<a href="/console/streams/${name}">${name}</a>`)}`

const storage = (node: NodeView, now: Date) =>
  (node.metrics?.storage ?? []).map(({ mount, usedBytes, totalBytes }) =>
    fact(
      `Storage ${mount}`,
      isMeasuredNow(node, now)
        ? html`${percent((100 * usedBytes) / Math.max(1, totalBytes))} <span class="quiet">${gigabytes(totalBytes - usedBytes)} free</span>`
        : nothing,
    ),
  )

const revocation = (
  node: NodeView,
  operator: Operator,
  problem: string | undefined,
) => html`<section class="grave" aria-labelledby="revoke">
<h2 id="revoke">Revoke this node</h2>
<p>From then on ${node.name} is refused: its streams leave the landing page and no viewer is sent to it. This cannot be undone; the machine can only enrol anew, with a new key and a new claim.</p>
<form method="post" action="/console/nodes/${node.id}/revoke">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="name">Type <strong>${node.name}</strong> to confirm</label>
<div class="together"><input id="name" name="name" autocomplete="off" autocapitalize="none" spellcheck="false" required><button class="grave">Revoke ${node.name}</button></div>
</form>
</section>`
