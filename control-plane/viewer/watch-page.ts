import { html } from 'hono/html'
import type { StreamView } from '../streams/stream-view.ts'
import { playerStage } from './player-stage.ts'
import { shareSection, sharingMeta } from './sharing.ts'
import { linksOf, type SeenFrom, stillOf } from './stream-links.ts'
import { lineOf, matterOf } from './stream-words.ts'
import { viewerFrame } from './viewer-frame.ts'

export const watchPage = (stream: StreamView, seenFrom: SeenFrom) =>
  viewerFrame({
    texts: seenFrom.texts,
    title: `${stream.title} · Sixcast`,
    description: stream.description || seenFrom.texts.watch.describe(stream.title),
    styles: ['watch.css', 'controls.css'],
    meta: sharingMeta(stream, seenFrom),
    scripts: ['hls.js', 'player.ts', 'share.ts'],
    content: html`<article class="watch">
${playerStage({
  ...stream,
  state: JSON.stringify(watchState(stream, seenFrom)),
  matter: matterOf(stream, seenFrom.texts),
  ...seenFrom,
  links: linksOf(stream, seenFrom),
  still: stillOf(stream, seenFrom),
})}
<div class="about">
<h1 id="title">${stream.title}</h1>
<p class="line"><span id="line" class="state ${stream.state === 'live' ? 'on' : 'off'}">${lineOf(stream, seenFrom.now, seenFrom.texts)}</span></p>
<p id="description" class="description">${stream.description}</p>
${shareSection(stream, seenFrom)}
<p class="ways"><a href="/watch/${stream.name}/dash">DASH</a></p>
</div>
</article>`,
  })

export type WatchState = ReturnType<typeof watchState>

/** What the page and its player must know of the stream; sent again whenever it changes. */
export const watchState = (stream: StreamView, seenFrom: SeenFrom) => ({
  state: stream.state,
  session: stream.session ?? '',
  playlist: linksOf(stream, seenFrom)?.playlist ?? '',
  title: stream.title,
  description: stream.description,
  line: lineOf(stream, seenFrom.now, seenFrom.texts),
  matter: matterOf(stream, seenFrom.texts),
})
