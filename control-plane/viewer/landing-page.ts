import { html } from 'hono/html'
import { elapsed } from '../look/elapsed.ts'
import type { Html } from '../look/html-page.ts'
import { listed } from '../streams/stream-listing.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { linksOf, type SeenFrom } from './stream-links.ts'
import { lineOf } from './stream-words.ts'
import { viewerFrame } from './viewer-frame.ts'

/** Fewer are seen at a glance. */
const SEARCHED_FROM = 7
const [ENDED_SHOWN, ENDED_MS] = [12, 7 * 24 * 3_600_000]

export const landingPage = (streams: StreamView[], sought: string, seenFrom: SeenFrom) =>
  viewerFrame({
    title: 'Live now · Sixcast',
    description: 'Watch what is live now.',
    scripts: ['landing.ts'],
    content: html`<h1 class="unseen">Live now</h1>
${sought || listed(streams).length >= SEARCHED_FROM ? search(sought) : ''}
<p class="notice" id="adrift" role="status" hidden>This list may be old: the connection is away. It continues by itself.</p>
<div id="live" aria-live="polite" aria-relevant="additions" data-events="/events/landing${sought ? `?${new URLSearchParams({ q: sought })}` : ''}">${landingNow(streams, sought, seenFrom)}</div>`,
  })

const search = (sought: string) => html`<form class="find" method="get" action="/" role="search">
<label class="unseen" for="q">Find a stream</label>
<input id="q" name="q" type="search" value="${sought}" maxlength="100" placeholder="Find a stream">
<button>Find</button>
</form>`

/** Everything below the page's head; sent again whenever it changes. */
export function landingNow(streams: StreamView[], sought: string, seenFrom: SeenFrom): Html {
  const found = listed(streams).filter((stream) => matches(stream, sought.toLowerCase()))
  const live = found.filter(({ state }) => state === 'live')
  return html`${live.length === 0 ? nothingLive(sought, found.length > 0) : groups(live, seenFrom)}${ended(found, seenFrom.now)}`
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
${streams.map((stream) => card(stream, seenFrom))}</ul>
`,
  )
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

/** What was live lately: viewers see that they are right here, and only late. */
function ended(streams: StreamView[], now: Date) {
  const lately = streams
    .filter(({ state, stateSince }) => state === 'ended' && stateSince && age(stateSince, now) < ENDED_MS)
    .toSorted((one, other) => (other.stateSince?.getTime() ?? 0) - (one.stateSince?.getTime() ?? 0))
    .slice(0, ENDED_SHOWN)
  if (lately.length === 0) return ''
  return html`<section class="ended" aria-labelledby="ended"><h2 id="ended" class="heading">Was live</h2>
<ul>${lately.map(
    ({
      name,
      title,
      stateSince = now,
    }) => html`<li><a href="/watch/${name}">${title}</a> <span class="quiet">${elapsed(stateSince, now)} ago</span></li>
`,
  )}</ul></section>`
}

const age = (since: Date, now: Date) => now.getTime() - since.getTime()

const nothingLive = (sought: string, isFound: boolean) =>
  sought && !isFound
    ? html`<section class="message">
<h2>There is no “${sought}” here</h2>
<p><a href="/">Show everything</a></p>
</section>`
    : html`<section class="message">
<h2>Nothing is live</h2>
<p>As soon as a stream begins, it appears here by itself.</p>
</section>`
