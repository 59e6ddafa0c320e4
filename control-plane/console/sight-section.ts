import type { ReportedRendition } from '@sixcast/shared/contract/stream-report.ts'
import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import { megabits } from '../look/megabits.ts'
import type { SeenStream } from '../streams/stream-sight-repository.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { ago, nothing } from './figures.ts'

const PICTURE_EVERY_MS = 4000

/** What comes in, what is made of it, and what is wrong with it, as its origin sees it. */
export function sightSection(stream: StreamView, seen: SeenStream[], now: Date): Html | '' {
  const [first] = seen
  if (!first) return ''
  return html`<section class="deed" aria-labelledby="seen"><h2 id="seen">As ${first.node.name} sees it</h2>
${problems(seen, now)}
${preview(stream, now)}
<dl class="facts">
${fact('Source', sourceWords(first))}
${fact('Behind', first.sight?.latencyMs === undefined ? nothing : html`${first.sight.latencyMs} ms <span class="quiet">more than at the quickest of its run</span>`)}
${fact('Encoders', first.sight?.speed === undefined ? nothing : html`<span class="state ${first.sight.speed < SLOW ? 'warn' : 'well'}">${first.sight.speed.toFixed(2)} × real time</span>`)}
${fact('Answers viewers in', first.sight?.responseMs === undefined ? nothing : `${first.sight.responseMs.toFixed(1)} ms`)}
${first.record ? fact('Session', html`for ${ago(first.since, now)} <span class="quiet">${clockWords(first.record.run)}</span>`) : ''}
</dl>
${ladderTable(first)}
</section>`
}

/** Below this they fall behind, however long it takes. */
const SLOW = 0.97

/** Of all nodes that have it: what ails a copy ails its viewers. */
function problems(seen: SeenStream[], now: Date) {
  const told = seen.flatMap(({ node, sight }) => (sight?.problems ?? []).map((each) => ({ ...each, node })))
  if (told.length === 0) return ''
  const latest = told.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
  return html`<ul class="matters">${latest.map(({ at, what, node }) => html`<li class="warn"><p>${what} <span class="quiet">${node.name}, ${ago(new Date(at), now)} ago</span></p></li>`)}</ul>`
}

/** Hidden ones have no picture at an address that viewers may ask. */
const preview = ({ name, title, state, shown }: StreamView, now: Date) =>
  state === 'live' && shown !== 'hidden'
    ? html`<p class="preview"><img src="/picture/${name}.jpg?at=${Math.floor(now.getTime() / PICTURE_EVERY_MS)}" alt="${title}, a few seconds ago" width="320" height="180"></p>`
    : ''

function sourceWords({ role, sight }: SeenStream) {
  if (role === 'mirror') return 'copied from another node, which is not heard'
  if (!sight?.source) return nothing
  const { width, height, framesPerSecond, audio } = sight.source
  return `${width} × ${height}, ${framesPerSecond.toFixed(framesPerSecond % 1 ? 2 : 0)} frames a second, ${audio ? 'with sound' : 'without sound'}`
}

const ladderTable = ({
  renditions,
  audio,
}: SeenStream) => html`<table class="dense"><thead><tr><th scope="col">Rendition</th><th scope="col" class="number">Size</th><th scope="col" class="number">Frames a second</th><th scope="col" class="number">Rate</th><th scope="col" class="number">At most</th><th scope="col">Codecs</th></tr></thead>
<tbody>${renditions.map(row)}${audio ? html`<tr><th scope="row">${audio.id}</th><td data-label="Size" class="number">${audio.channels ? `${audio.channels} channels` : nothing}</td><td data-label="Frames a second" class="number">${nothing}</td><td data-label="Rate" class="number"><span class="quiet">in the rates above</span></td><td data-label="At most" class="number">${nothing}</td><td data-label="Codecs"><code>${audio.codecs}</code></td></tr>` : ''}</tbody></table>`

const row = ({
  id,
  width,
  height,
  frameRate,
  averageBandwidth,
  bandwidth,
  codecs,
}: ReportedRendition) => html`<tr><th scope="row">${id}</th>
<td data-label="Size" class="number">${width && height ? `${width} × ${height}` : nothing}</td>
<td data-label="Frames a second" class="number">${frameRate ?? nothing}</td>
<td data-label="Rate" class="number">${megabits(averageBandwidth)} Mbit/s</td>
<td data-label="At most" class="number">${megabits(bandwidth)} Mbit/s</td>
<td data-label="Codecs"><code>${codecs}</code></td></tr>
`

/** Each run but the first begins where the media clock broke. */
function clockWords(run: number): string {
  if (run === 1) return 'on one unbroken media clock'
  return run === 2 ? 'its media clock broke once' : `its media clock broke ${run - 1} times`
}

const fact = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`
