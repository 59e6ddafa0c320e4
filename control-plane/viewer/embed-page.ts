import { html } from 'hono/html'
import type { StreamView } from '../streams/stream-view.ts'
import { playerStage } from './player-stage.ts'
import { linksOf, type SeenFrom, stillOf } from './stream-links.ts'
import { matterOf } from './stream-words.ts'
import { viewerFrame } from './viewer-frame.ts'
import { watchState } from './watch-page.ts'

/** For pages of others: the player edge to edge, and a title that leads to the watch page. */
export const embedPage = (stream: StreamView, seenFrom: SeenFrom) =>
  viewerFrame({
    texts: seenFrom.texts,
    title: `${stream.title} · Sixcast`,
    bare: true,
    meta: html`<link rel="canonical" href="${seenFrom.publicUrl}/watch/${stream.name}">
<meta name="robots" content="noindex">`,
    styles: ['watch.css', 'controls.css', 'embed.css'],
    scripts: ['hls.js', 'player.ts'],
    content: html`<h1 class="embedded"><a href="/watch/${stream.name}" target="_blank" rel="noopener" id="title">${stream.title}</a></h1>
${playerStage({
  ...stream,
  ...seenFrom,
  state: JSON.stringify(watchState(stream, seenFrom)),
  matter: matterOf(stream, seenFrom.texts),
  links: linksOf(stream, seenFrom),
  still: stillOf(stream, seenFrom),
})}`,
  })
