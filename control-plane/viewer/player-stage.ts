import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { Texts } from './texts/viewer-texts.ts'

type Stage = {
  name: string
  title: string
  /** What player.ts begins with, as JSON. */
  state: string
  /** What stands on the picture before any script has run. */
  matter: string
  relayPort: number
  texts: Texts
  /** hls.js, or the browser's own HLS, unless another is named. */
  engine?: 'dash'
  links: { playlist: string } | undefined
  /** Stands until the first frame. */
  still: string | undefined
}

/** The picture, what is said on it, and its controls. player.ts finds its orders in the data attributes. */
export const playerStage = ({
  name,
  title,
  state,
  matter,
  relayPort,
  texts,
  engine,
  links,
  still,
}: Stage): Html =>
  html`<figure class="stage" id="stage" data-events="/events/watch/${name}?lang=${texts.language}" data-name="${name}"
 data-relay-port="${relayPort}" data-engine="${engine ?? ''}" data-state="${state}" data-words="${JSON.stringify(texts.player)}">
<video id="video" playsinline preload="none" aria-label="${title}"${still ? html` poster="${still}"` : ''}></video>
<canvas id="frame" aria-hidden="true" hidden></canvas>
<button class="play" id="play" type="button" aria-label="${texts.player.play}" hidden>${icons.play}</button>
<button class="sound" id="sound" type="button" hidden>${icons.silent}${texts.player.unmute}</button>
<p class="matter" id="matter" role="status">${matter}</p>
${controls(texts.player)}
<p class="notice" id="told" role="status" hidden></p>
<noscript><p class="matter">${withoutScript(texts.watch, links?.playlist)}</p></noscript>
</figure>`

/** Buttons with two pictures carry both; the script chooses by `data-on`. */
const twoFaced = (id: string, act: string, key: string, [off, on]: [Html, Html]) =>
  html`<button id="${id}" type="button" data-act="${act}" aria-keyshortcuts="${key}"><span class="off">${off}</span><span class="on">${on}</span></button>`

const withoutScript = (
  words: Texts['watch'],
  playlist: string | undefined,
) => html`<span>${words.withoutScript}
${playlist ? html`${words.otherPlayers} <a href="${playlist}">${playlist}</a>` : ''}</span>`

const icon = (path: string) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`
const icons = {
  play: icon('M8.5 6v12l9.5-6z'),
  pause: icon('M8.5 6v12M15.5 6v12'),
  sound: icon('M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11'),
  silent: icon('M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9.5l5 5m0-5-5 5'),
  captions: icon('M4 6h16v12H4zM10.5 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3'),
  full: icon('M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15'),
  small: icon('M9 4.5V9H4.5M19.5 9H15V4.5M15 19.5V15h4.5M4.5 15H9v4.5'),
}

const controls = (
  words: Texts['player'],
) => html`<div class="controls" id="controls" role="group" aria-label="${words.controls}" hidden>
${twoFaced('toggle', 'play', 'k', [icons.pause, icons.play])}
${twoFaced('mute', 'mute', 'm', [icons.sound, icons.silent])}
<input id="volume" type="range" min="0" max="1" step="0.05" value="1" aria-label="${words.volume}">
<button id="live" class="live" type="button" data-act="live" aria-keyshortcuts="l"><span class="dot"></span>${words.live}<span id="delay"></span></button>
<span class="gap"></span>
<button id="captions" type="button" data-act="captions" aria-keyshortcuts="c" aria-label="${words.captions}" title="${words.captions} (c)" aria-pressed="false" hidden>${icons.captions}</button>
<select id="quality" aria-label="${words.quality}" title="${words.quality}" hidden><option value="">${words.auto}</option></select>
${twoFaced('full', 'full screen', 'f', [icons.full, icons.small])}
</div>`
