import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { linksOf, type SeenFrom } from './stream-links.ts'
import { lineOf } from './stream-words.ts'
import { viewerFrame } from './viewer-frame.ts'

export const landingPage = (streams: StreamView[], seenFrom: SeenFrom) =>
  viewerFrame({
    title: 'Live now · Sixcast',
    description: 'Watch what is live now.',
    scripts: ['landing.ts'],
    content: html`<h1 class="unseen">Live now</h1>
<p class="notice" id="adrift" role="status" hidden>This list may be old: the connection is away. It continues by itself.</p>
<div id="live" aria-live="polite" aria-relevant="additions" data-events="/events/landing">${liveCards(streams, seenFrom)}</div>`,
  })

/** Everything below the page's head; sent again whenever it changes. */
export function liveCards(streams: StreamView[], seenFrom: SeenFrom): Html {
  const live = streams.filter((stream) => stream.state === 'live')
  if (live.length === 0) return nothingLive()
  return html`<ul class="cards${live.length === 1 ? ' alone' : ''}">
${live.map((stream) => card(stream, seenFrom))}</ul>`
}

function card(stream: StreamView, seenFrom: SeenFrom) {
  const links = linksOf(stream, seenFrom)
  return html`<li data-stream="${stream.name}"><a class="card" href="/watch/${stream.name}">
<span class="picture">${links ? html`<img src="${links.thumbnail}" alt="" width="1280" height="720">` : ''}</span>
<strong>${stream.title}</strong>
<span class="line"><span class="state on">${lineOf(stream, seenFrom.now)}</span>${stream.description ? html`<span class="said">${stream.description}</span>` : ''}</span>
</a></li>
`
}

const nothingLive = () => html`<section class="message">
<h2>Nothing is live</h2>
<p>As soon as a stream begins, it appears here by itself.</p>
</section>`
