import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { NewStream } from '../streams/new-stream.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { consoleFrame, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, nothing } from './figures.ts'

type StreamsPage = {
  streams: StreamView[]
  operator: Operator
  now: Date
  typed?: NewStream
  problem?: string
}

export const streamsPage = ({ streams, operator, now, typed, problem }: StreamsPage) =>
  consoleFrame({
    title: 'Streams',
    operator,
    at: 'streams',
    content: html`${liveRegion('/console/events/streams', streamsNow(streams, now))}
${may(operator, '/console/streams') ? addForm(operator, typed, problem) : ''}`,
  })

const addForm = (
  operator: Operator,
  typed: NewStream | undefined,
  problem: string | undefined,
) => html`<section class="deed" aria-labelledby="add">
<h2 id="add">Add a stream</h2>
<form class="stack" method="post" action="/console/streams">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="name">Name <span class="quiet">as it stands in addresses: letters, digits, - and _</span></label>
<input id="name" name="name" value="${typed?.name ?? ''}" required maxlength="64" pattern="[A-Za-z0-9][A-Za-z0-9_\\-]*" autocomplete="off" autocapitalize="none" spellcheck="false">
<label for="title">Title <span class="quiet">as viewers read it</span></label>
<input id="title" name="title" value="${typed?.title ?? ''}" maxlength="200" autocomplete="off">
<label for="description">Description</label>
<textarea id="description" name="description" rows="3" maxlength="5000">${typed?.description ?? ''}</textarea>
<label class="choice"><input type="checkbox" name="open"${typed?.open ? html` checked` : ''}><span>Open: anybody who reaches a node may publish it, without a key</span></label>
<button class="first">Add the stream</button>
</form>
</section>`

export const streamsNow = (
  streams: StreamView[],
  now: Date,
): Html => html`<h1>${streamsSentence(streams)}</h1>
${streams.length ? streamsTable(streams, now) : html`<p class="lead">A stream is a name that an encoder may publish and viewers may watch. Add the first one here.</p>`}`

function streamsSentence(streams: StreamView[]): string {
  if (streams.length === 0) return 'There is no stream yet.'
  const live = streams.filter(({ state }) => state === 'live').length
  if (live === streams.length) return live === 1 ? 'The one stream is live.' : `All ${live} streams are live.`
  const of =
    streams.length === 1
      ? 'The one stream is not live.'
      : `${live} of ${streams.length} streams ${live === 1 ? 'is' : 'are'} live.`
  return of.replace(/^0 of (\d+) streams are/, 'None of $1 streams is')
}

const streamsTable = (streams: StreamView[], now: Date) => html`<table class="dense">
<thead><tr><th scope="col">Stream</th><th scope="col">Title</th><th scope="col">State</th><th scope="col">Published by</th><th scope="col">Node</th><th scope="col" class="number">Height</th></tr></thead>
<tbody>
${streams.map((stream) => row(stream, now))}</tbody>
</table>`

const row = (stream: StreamView, now: Date) => html`<tr>
<th scope="row"><a class="row" href="/console/streams/${stream.name}">${stream.name}</a></th>
<td data-label="Title">${stream.title}</td>
<td data-label="State">${streamState(stream, now)}</td>
<td data-label="Published by">${publisher(stream)}</td>
<td data-label="Node">${stream.node?.name ?? nothing}</td>
<td data-label="Height" class="number">${stream.height ? `${stream.height}p` : nothing}</td>
</tr>
`

export const publisher = ({ open }: StreamView) => (open ? 'anybody (open)' : 'key')

const states: Record<StreamView['state'], [kind: string, word: string]> = {
  live: ['well', 'live'],
  waiting: ['warn', 'encoder away'],
  lost: ['bad', 'node silent'],
  ended: ['off', 'ended'],
  never: ['off', 'never published'],
}

export function streamState({ state, since: begun, stateSince }: StreamView, now: Date): Html {
  const [kind, word] = states[state]
  const since = state === 'live' ? begun : stateSince
  return html`<span class="state ${kind}">${word}${since ? html` <span class="quiet">${ago(since, now)}</span>` : ''}</span>`
}
