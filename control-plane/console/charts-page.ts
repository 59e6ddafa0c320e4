import { html } from 'hono/html'
import { RANGES, type Range } from '../history/read-history.ts'
import type { SeriesName } from '../history/series.ts'
import { daysUntilFull } from '../history/storage-forecast.ts'
import type { ToldHistory } from '../history/told-history.ts'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { consoleAssets } from './console-assets.ts'
import { consoleFrame, may, type Operator } from './console-frame.ts'
import { nothing } from './figures.ts'

type ChartsPage = {
  node: NodeView
  range: Range
  told: ToldHistory
  /** The last month of its storage, whatever is shown. */
  storage: ToldHistory
  operator: Operator
}

/** What belongs on one picture: the same unit, and of the same thing. */
const CHARTS: { title: string; series: SeriesName[] }[] = [
  { title: 'CPU', series: ['cpu', 'own-cpu'] },
  { title: 'Memory', series: ['memory'] },
  { title: 'Network', series: ['sent', 'received'] },
  { title: 'Viewers', series: ['viewers'] },
  { title: 'Streams', series: ['streams', 'workers'] },
  { title: 'Temperature', series: ['temperature'] },
  { title: 'Supply, share of the time', series: ['undervoltage', 'throttled'] },
  { title: 'Storage', series: ['storage'] },
  { title: 'Written to storage', series: ['written'] },
  { title: 'Memory of Sixcast', series: ['own-memory'] },
]

const RANGE_WORDS: Record<Range, string> = {
  '1h': '1 hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '1y': '1 year',
}

export function chartsPage({ node, range, told, storage, operator }: ChartsPage) {
  const here = `/console/nodes/${node.id}/charts`
  const shown = CHARTS.filter(({ series }) =>
    series.some((name) => told.series.some((each) => each.name === name)),
  )
  return consoleFrame({
    title: `${node.name}, charts`,
    operator,
    at: 'nodes',
    scripts: ['charts.ts'],
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
<h1>${node.name} over time</h1>
<nav class="ranges" aria-label="How far back">${Object.entries(RANGE_WORDS).map(([each, words]) => html`<a href="${here}?range=${each}"${each === range ? html` aria-current="page"` : ''}>${words}</a>`)}</nav>
${shown.length === 0 ? html`<p class="lead">Nothing is known of this time yet. A node tells what it measures every few seconds; the first minute appears here when it is over.</p>` : ''}
${foretold(node, storage)}
<p class="notice" data-adrift role="status" hidden>The connection to the control plane is away. The charts may be old; they continue by themselves.</p>
<div class="charts" data-charts="/v1/nodes/${node.id}/history?range=${range}" data-uplot="${consoleAssets.url('uplot.js')}" data-seconds="${RANGES[range]}">
${shown.map((chart) => section(chart, told))}</div>
${shown.length > 0 ? figures(told) : ''}
${may(operator, `/console/nodes/${node.id}/measurements`, 'GET') ? html`<p class="after"><a href="/console/nodes/${node.id}/measurements">How it is measured</a></p>` : ''}`,
  })
}

const section = ({ title, series }: (typeof CHARTS)[number], told: ToldHistory): Html => {
  const drawn = told.series.filter(({ name }) => series.some((each) => each === name))
  const label = drawn.map((each) => `${each.words}: ${spoken(each)}`).join('; ')
  return html`<section class="chart" data-series="${drawn.map(({ name }) => name).join(',')}"><h2>${title} <span class="quiet">${drawn[0]?.unit}</span></h2>
<p class="reading" aria-hidden="true"></p>
<div class="plot" role="img" aria-label="${title}. ${label}"></div></section>
`
}

type Told = ToldHistory['series'][number]

const known = (values: (number | null)[]) => values.filter((value) => value !== null)
const middleOf = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
const written = (value: number, unit: string) =>
  `${value.toFixed(value < 10 && unit !== '' ? 1 : 0)}${unit ? ` ${unit}` : ''}`
const spoken = ({ mean, most, unit }: Told) =>
  `${written(middleOf(known(mean)), unit)} on average, ${written(Math.max(...known(most)), unit)} at most`

/** The same for those who cannot see the pictures, or have no script. */
const figures = ({
  series,
}: ToldHistory) => html`<section class="deed" aria-labelledby="figures"><h2 id="figures">In figures</h2>
<table class="dense"><thead><tr><th scope="col">What</th><th scope="col" class="number">Last</th><th scope="col" class="number">Average</th><th scope="col" class="number">Most</th></tr></thead>
<tbody>${series.map((each) => {
  const last = each.mean.at(-1)
  return html`<tr><th scope="row">${each.words}</th>
<td data-label="Last" class="number">${typeof last === 'number' ? written(last, each.unit) : nothing}</td>
<td data-label="Average" class="number">${written(middleOf(known(each.mean)), each.unit)}</td>
<td data-label="Most" class="number">${written(Math.max(...known(each.most)), each.unit)}</td></tr>
`
})}</tbody></table></section>`

/** What the past says of the future: when the disk is full, and how long a card lives. */
function foretold(node: NodeView, storage: ToldHistory) {
  const sentences = [...fullSentence(storage), ...cardSentence(node, storage)]
  return sentences.length === 0 ? '' : html`<p class="lead">${sentences.join(' ')}</p>`
}

function fullSentence({ times, series }: ToldHistory): string[] {
  const shares = series.find(({ name }) => name === 'storage')?.mean ?? []
  const days = daysUntilFull(times, shares)
  if (days === undefined) return []
  return [
    days < 1
      ? 'At the pace of the last month its storage is full today.'
      : `At the pace of the last month its storage is full in ${inDays(days)}.`,
  ]
}

/** An ordinary card endures to be filled about so often, a good one so often. */
const FILLINGS = [300, 1000] as const

function cardSentence({ metrics }: NodeView, { series }: ToldHistory): string[] {
  const kilobytes = known(series.find(({ name }) => name === 'written')?.mean ?? [])
  if (kilobytes.length === 0) return []
  const perDay = middleOf(kilobytes) * 1000 * 86_400
  const worn = metrics?.storage.find(({ wornPercent }) => wornPercent !== undefined)?.wornPercent
  const size = Math.max(
    0,
    ...(metrics?.storage ?? [])
      .filter((each) => each.writtenBytesPerSecond !== undefined)
      .map(({ totalBytes }) => totalBytes),
  )
  return [
    `${(perDay / 1e9).toFixed(1)} GB a day are written to its storage${size > 0 && perDay > 0 ? `: of its ${Math.round(size / 1e9)} GB a card that endures ${FILLINGS[0]} to ${FILLINGS[1]} fillings lives ${inDays((size * FILLINGS[0]) / perDay)} to ${inDays((size * FILLINGS[1]) / perDay)} at that pace` : ''}.`,
    ...(worn === undefined ? [] : [`The memory itself says that ${worn} % of its life are spent.`]),
  ]
}

function inDays(days: number): string {
  if (days > 36_500) return 'more than a century'
  if (days > 730) return `${Math.round(days / 365)} years`
  return days < 2 ? 'a day' : `${Math.round(days)} days`
}
