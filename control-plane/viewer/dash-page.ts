import { html } from 'hono/html'
import type { StreamView } from '../streams/stream-view.ts'
import { playerStage } from './player-stage.ts'
import { linksOf, type SeenFrom, stillOf } from './stream-links.ts'
import { lineOf, matterOf } from './stream-words.ts'
import { viewerFrame } from './viewer-frame.ts'
import { watchState } from './watch-page.ts'

/** The watch page with dash.js in the place of hls.js. */
export const dashPage = (stream: StreamView, seenFrom: SeenFrom) =>
  viewerFrame({
    texts: seenFrom.texts,
    title: `${seenFrom.texts.watch.dashTitle(stream.title)} · Sixcast`,
    description: seenFrom.texts.watch.describeDash(stream.title),
    styles: ['watch.css', 'controls.css'],
    scripts: ['dash.js', 'dash-player.ts'],
    content: html`<article class="watch">
${playerStage({
  ...stream,
  engine: 'dash',
  state: JSON.stringify(watchState(stream, seenFrom)),
  matter: matterOf(stream, seenFrom.texts),
  ...seenFrom,
  links: manifestLinks(stream, seenFrom),
  still: stillOf(stream, seenFrom),
})}
<div class="about">
<h1 id="title">${stream.title}</h1>
<p class="line"><span id="line" class="state ${stream.state === 'live' ? 'on' : 'off'}">${lineOf(stream, seenFrom.now, seenFrom.texts)}</span></p>
<p id="description" class="description">${stream.description}</p>
<p class="ways">${seenFrom.texts.watch.byDash} <a href="/watch/${stream.name}">${seenFrom.texts.watch.byHls}</a></p>
</div>
</article>`,
  })

/** What other players open instead. */
function manifestLinks(stream: StreamView, seenFrom: SeenFrom) {
  const links = linksOf(stream, seenFrom)
  return links && { ...links, playlist: new URL('manifest.mpd', links.playlist).href }
}
