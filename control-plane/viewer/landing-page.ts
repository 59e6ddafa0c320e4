import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import { listed } from '../streams/stream-listing.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { linksOf, type SeenFrom } from './stream-links.ts'
import { lineOf } from './stream-words.ts'
import type { Texts } from './texts/viewer-texts.ts'
import { viewerFrame } from './viewer-frame.ts'

/** Fewer are seen at a glance. */
const SEARCHED_FROM = 7
/** Those below are fetched as they come into sight. */
const FIRST_SEEN = 4
const [ENDED_SHOWN, ENDED_MS] = [12, 7 * 24 * 3_600_000]

export const landingPage = (streams: StreamView[], sought: string, seenFrom: SeenFrom) =>
  viewerFrame({
    texts: seenFrom.texts,
    title: `${seenFrom.texts.landing.title} · Sixcast`,
    description: seenFrom.texts.landing.description,
    scripts: ['landing.ts'],
    next: ['hls.js', 'player.ts', 'share.ts'],
    content: html`<h1 class="unseen">${seenFrom.texts.landing.title}</h1>
${sought || listed(streams).length >= SEARCHED_FROM ? search(sought, seenFrom.texts) : ''}
<p class="notice" id="adrift" role="status" data-words="${seenFrom.texts.landing.adrift}" hidden></p>
<div id="live" aria-live="polite" aria-relevant="additions" data-made="${seenFrom.now.toISOString()}" data-events="${eventsFor(sought, seenFrom.texts)}">${landingNow(streams, sought, seenFrom)}</div>`,
  })

const eventsFor = (sought: string, { language }: Texts) =>
  `/events/landing?${new URLSearchParams({ lang: language, ...(sought && { q: sought }) })}`

const search = (
  sought: string,
  { landing }: Texts,
) => html`<form class="find" method="get" action="/" role="search">
<label class="unseen" for="q">${landing.find}</label>
<input id="q" name="q" type="search" value="${sought}" maxlength="100" placeholder="${landing.find}">
<button>${landing.search}</button>
</form>`

/** Everything below the page's head; sent again whenever it changes. */
export function landingNow(streams: StreamView[], sought: string, seenFrom: SeenFrom): Html {
  const found = listed(streams).filter((stream) => matches(stream, sought.toLowerCase()))
  const live = found.filter(({ state }) => state === 'live')
  return html`${live.length === 0 ? nothingLive(sought, found.length > 0, seenFrom.texts) : groups(live, seenFrom)}${ended(found, seenFrom)}`
}

const matches = ({ name, title, description, category = '' }: StreamView, sought: string) =>
  sought === '' || [name, title, description, category].some((text) => text.toLowerCase().includes(sought))

/** Each heading where its first stream stands; those without one come first. */
function groups(live: StreamView[], seenFrom: SeenFrom) {
  const byHeading = [...Map.groupBy(live, ({ category = '' }) => category)].toSorted(
    ([one], [other]) => Number(one !== '') - Number(other !== ''),
  )
  const alone = live.length === 1 ? ' alone' : ''
  return byHeading.map(
    ([
      heading,
      streams,
    ]) => html`${heading ? html`<h2 class="heading">${heading}</h2>` : ''}<ul class="cards${alone}">
${streams.map((stream, at) => card(stream, seenFrom, at))}</ul>
`,
  )
}

function card(stream: StreamView, seenFrom: SeenFrom, at: number) {
  return html`<li data-stream="${stream.name}"><a class="card" href="/watch/${stream.name}">
<span class="picture">${pictureOf(stream, seenFrom, at)}</span>
<strong>${stream.title}</strong>
<span class="line"><time class="state on" datetime="${stream.since?.toISOString() ?? ''}">${cardLine(stream, seenFrom)}</time>${stream.description ? html`<span class="said">${stream.description}</span>` : ''}</span>
</a></li>
`
}

/** Straight from the node, or as far as it does not come from there, from us. */
function pictureOf(stream: StreamView, seenFrom: SeenFrom, at: number) {
  const [latest, fallback] = [linksOf(stream, seenFrom)?.thumbnail, `/picture/${stream.name}.jpg`]
  return html`<img src="${latest ?? fallback}" data-own="${latest ?? fallback}" data-fallback="${fallback}" alt="" width="1280" height="720"${at < FIRST_SEEN ? '' : html` loading="lazy"`}>`
}

const cardLine = (stream: StreamView, { now, texts }: SeenFrom) =>
  [lineOf(stream, now, texts), ...(stream.viewers ? [texts.landing.viewers(stream.viewers)] : [])].join(' · ')

/** What was live lately: viewers see that they are right here, and only late. */
function ended(streams: StreamView[], { now, texts: { landing } }: SeenFrom) {
  const lately = streams
    .filter(({ state, stateSince }) => state === 'ended' && stateSince && age(stateSince, now) < ENDED_MS)
    .toSorted((one, other) => (other.stateSince?.getTime() ?? 0) - (one.stateSince?.getTime() ?? 0))
    .slice(0, ENDED_SHOWN)
  if (lately.length === 0) return ''
  return html`<section class="ended" aria-labelledby="ended"><h2 id="ended" class="heading">${landing.wasLive}</h2>
<ul>${lately.map(
    ({
      name,
      title,
      stateSince = now,
    }) => html`<li><a href="/watch/${name}">${title}</a> <span class="quiet">${landing.ago(stateSince, now)}</span></li>
`,
  )}</ul></section>`
}

const age = (since: Date, now: Date) => now.getTime() - since.getTime()

const nothingLive = (sought: string, isFound: boolean, { landing }: Texts) =>
  sought && !isFound
    ? html`<section class="message">
<h2>${landing.unfound(sought)}</h2>
<p><a href="/">${landing.everything}</a></p>
</section>`
    : html`<section class="message">
<h2>${landing.nothing}</h2>
<p>${landing.soon}</p>
</section>`
