import { html } from 'hono/html'
import type { KeptTable } from '../history/kept-tables.ts'
import { SERIES } from '../history/series.ts'
import type { sizeForecast } from '../history/size-forecast.ts'
import type { Html } from '../look/html-page.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { PullDesk } from '../pulling/pull-desk.ts'
import type { PullRule } from '../pulling/pull-rule.ts'
import { consoleFrame, csrfField, may, type Operator } from './console-frame.ts'
import { ago } from './figures.ts'

/** As a browser sends it. */
export type TypedRule = { how: string; address: string; port: string; seconds: string; series: string[] }

type Said = Awaited<ReturnType<PullDesk['read']>>
type MeasurementsPage = {
  said: Said
  sizes: ReturnType<typeof sizeForecast>
  nodes: NodeBrief[]
  operator: Operator
  now: Date
  typed?: TypedRule | undefined
  problem?: string | undefined
}

/** How measurements of nodes are come by, and what keeping them takes. */
export const measurementsPage = ({ said, sizes, nodes, operator, now, typed, problem }: MeasurementsPage) =>
  consoleFrame({
    title: 'Measurements',
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a></p>
<h1>How nodes are measured</h1>
<p class="lead">Each node pushes what it measures every five seconds, over its own connection. Where that is barred, it can be asked for it.</p>
${troublesList(said, now)}
${may(operator, '/console/measurements') ? ruleForm({ action: '/console/measurements', title: 'Ask every node', rule: said.fleet, operator, typed, problem }) : ''}
${ownRules(said, nodes)}
${sizesSection(sizes)}`,
  })

type NodeRulePage = {
  node: NodeView
  said: Said
  operator: Operator
  typed?: TypedRule | undefined
  problem?: string | undefined
}

export const nodeRulePage = ({ node, said, operator, typed, problem }: NodeRulePage) => {
  const own = said.own.get(node.id)
  const trouble = said.troubles.find(({ nodeId }) => nodeId === node.id)
  return consoleFrame({
    title: `${node.name}, measurements`,
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
<h1>How ${node.name} is measured</h1>
<p class="lead">${own ? '' : 'As the fleet: '}${ruleSentence(own ?? said.fleet)}</p>
${trouble ? html`<ul class="matters"><li class="warn"><p>${trouble.cause}</p></li></ul>` : ''}
${may(operator, `/console/nodes/${node.id}/measurements`) ? ruleForm({ action: `/console/nodes/${node.id}/measurements`, title: 'Ask it', rule: own ?? said.fleet, isOwn: own !== undefined, operator, typed, problem }) : ''}`,
  })
}

function ruleSentence({ pulled, seconds, address, port, series }: PullRule): string {
  if (!pulled) return 'It pushes what it measures, and is not asked.'
  const where = address ? ` at ${address}` : ''
  const kept = series ? `; of what it answers ${series.length} of ${SERIES.length} values are kept` : ''
  return `It is asked every ${seconds} seconds${where}${port ? ` on port ${port}` : ''}${kept}.`
}

function troublesList({ troubles }: Said, now: Date) {
  if (troubles.length === 0) return ''
  return html`<ul class="matters">${troubles.slice(0, 8).map(({ nodeId, name, since, cause }) => html`<li class="warn"><p><a href="/console/nodes/${nodeId}/measurements">${name}</a> has given none for ${ago(since, now)}. <span class="quiet">${cause}</span></p></li>`)}${troubles.length > 8 ? html`<li class="warn"><p>And ${troubles.length - 8} more.</p></li>` : ''}</ul>`
}

type RuleForm = {
  action: string
  title: string
  rule: PullRule
  /** Of one node: whether it has a rule of its own. Absent: the fleet's. */
  isOwn?: boolean
  operator: Operator
  typed?: TypedRule | undefined
  problem?: string | undefined
}

function ruleForm({ action, title, rule, isOwn, operator, typed, problem }: RuleForm): Html {
  const shown = typed ?? typedOf(rule, isOwn)
  const choices = [
    ...(isOwn === undefined ? [] : [['fleet', 'as the fleet']]),
    ['pushed', 'no: it only pushes'],
    ['pulled', 'yes'],
  ]
  return html`<section class="deed" aria-labelledby="rule"><h2 id="rule">${title}</h2>
<form class="stack" method="post" action="${action}">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="how">Ask for measurements</label>
<select id="how" name="how">${choices.map(([value, words]) => html`<option value="${value}"${shown.how === value ? html` selected` : ''}>${words}</option>`)}</select>
<label for="seconds">Every so many seconds</label>
<input id="seconds" name="seconds" type="number" min="5" max="3600" step="1" value="${shown.seconds}" required>
${
  isOwn === undefined
    ? ''
    : html`<label for="address">Address <span class="quiet">empty: where viewers are sent</span></label>
<input id="address" name="address" value="${shown.address}" maxlength="45" autocomplete="off" autocapitalize="none" spellcheck="false">`
}
<label for="port">Port <span class="quiet">empty: the node’s playback port</span></label>
<input id="port" name="port" type="number" min="1" max="65535" step="1" value="${shown.port}">
<p>What is kept of the answer</p>
<div class="choices" role="group" aria-label="What is kept of the answer">${SERIES.map(({ name, words }) => html`<label class="choice"><input type="checkbox" name="series" value="${name}"${shown.series.includes(name) ? html` checked` : ''}><span>${words}</span></label>`)}</div>
<button>Save</button>
</form></section>`
}

const typedOf = ({ pulled, address, port, seconds, series }: PullRule, isOwn?: boolean): TypedRule => ({
  how: isOwn === false ? 'fleet' : pulled ? 'pulled' : 'pushed',
  address: address ?? '',
  port: port === undefined ? '' : String(port),
  seconds: String(seconds),
  series: series ?? SERIES.map(({ name }) => name),
})

function ownRules({ own }: Said, nodes: NodeBrief[]) {
  const named = nodes.filter(({ id }) => own.has(id))
  if (named.length === 0) return ''
  return html`<section class="deed" aria-labelledby="own"><h2 id="own">Otherwise than the fleet</h2>
<table class="dense"><thead><tr><th scope="col">Node</th><th scope="col">How</th></tr></thead>
<tbody>${named.map(
    ({
      id,
      name,
    }) => html`<tr><th scope="row"><a class="row" href="/console/nodes/${id}/measurements">${name}</a></th><td data-label="How">${ruleSentence(own.get(id) as PullRule)}</td></tr>
`,
  )}</tbody></table></section>`
}

const TABLE_WORDS: Record<KeptTable, string> = {
  metrics_raw: 'As measured',
  metrics_minutes: 'By the minute',
  metrics_quarters: 'By the quarter of an hour',
}

const sizesSection = ({
  tables,
  bytes,
  filled,
}: ReturnType<
  typeof sizeForecast
>) => html`<section class="deed" aria-labelledby="sizes"><h2 id="sizes">What keeping them takes</h2>
<p class="quiet">${written(bytes)} in the database now. With the nodes of today it grows to about ${written(filled)} and stays there.</p>
<table class="dense"><thead><tr><th scope="col">Kept</th><th scope="col">For</th><th scope="col" class="number">A node and day</th><th scope="col" class="number">Now</th><th scope="col" class="number">Once filled</th></tr></thead>
<tbody>${tables.map(
  (
    each,
  ) => html`<tr><th scope="row">${TABLE_WORDS[each.table]}</th><td data-label="For">${each.keptDays} days</td>
<td data-label="A node and day" class="number">${written(each.perNodeDay)}</td><td data-label="Now" class="number">${written(each.bytes)}</td><td data-label="Once filled" class="number">${written(each.filled)}</td></tr>
`,
)}</tbody></table></section>`

const written = (bytes: number) =>
  bytes < 1e6
    ? `${Math.round(bytes / 1e3)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`
