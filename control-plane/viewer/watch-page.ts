import { html } from 'hono/html'
import type { StreamView } from '../streams/stream-view.ts'
import { linksOf, type SeenFrom } from './stream-links.ts'
import { lineOf, matterOf, playerWords } from './stream-words.ts'
import { viewerFrame } from './viewer-frame.ts'

export const watchPage = (stream: StreamView, seenFrom: SeenFrom) =>
  viewerFrame({
    title: `${stream.title} · Sixcast`,
    description: stream.description || `Watch ${stream.title}.`,
    styles: ['watch.css'],
    scripts: ['hls.js', 'player.ts'],
    content: html`<article class="watch">
${stage(stream, seenFrom)}
<div class="about">
<h1 id="title">${stream.title}</h1>
<p class="line"><span id="line" class="state ${stream.state === 'live' ? 'on' : 'off'}">${lineOf(stream, seenFrom.now)}</span></p>
<p id="description" class="description">${stream.description}</p>
</div>
</article>`,
  })

/** The picture and what is said on it. player.ts finds its orders in the data attributes. */
function stage(stream: StreamView, seenFrom: SeenFrom) {
  const links = linksOf(stream, seenFrom)
  return html`<figure class="stage" id="stage" data-events="/events/watch/${stream.name}" data-name="${stream.name}"
 data-relay-port="${seenFrom.relayPort}" data-state="${JSON.stringify(watchState(stream, seenFrom))}"
 data-unreachable="${playerWords.unreachable}" data-offline="${playerWords.offline}">
<video playsinline preload="none" aria-label="${stream.title}"${links ? html` poster="${links.thumbnail}"` : ''}></video>
<button class="play" id="play" type="button" aria-label="Play" hidden>${playIcon}</button>
<button class="sound" id="sound" type="button" hidden>${silentIcon}Turn on the sound</button>
<figcaption class="matter" id="matter" role="status">${matterOf(stream)}</figcaption>
<noscript><p class="matter">${withoutScript(links?.playlist)}</p></noscript>
</figure>`
}

export type WatchState = ReturnType<typeof watchState>

/** What the page and its player must know of the stream; sent again whenever it changes. */
export const watchState = (stream: StreamView, seenFrom: SeenFrom) => ({
  state: stream.state,
  session: stream.session ?? '',
  playlist: linksOf(stream, seenFrom)?.playlist ?? '',
  title: stream.title,
  description: stream.description,
  line: lineOf(stream, seenFrom.now),
  matter: matterOf(stream),
})

const withoutScript = (playlist: string | undefined) => html`<span>This player needs JavaScript.
${playlist ? html`Other players can open <a href="${playlist}">${playlist}</a>` : ''}</span>`

const playIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8.5 6v12l9.5-6z"/></svg>`
const silentIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9.5l5 5m0-5-5 5"/></svg>`
