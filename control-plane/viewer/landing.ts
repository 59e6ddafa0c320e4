// Runs in the browser, sent with its types stripped: it imports nothing.
export {}

const PICTURE_EVERY_MS = 4000

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: 'numeric', minute: '2-digit' })
const live = required('live')
const adrift = required('adrift')

let freshAt = new Date(live.dataset.made ?? '')

live.addEventListener('fresh', (event) => {
  adrift.hidden = true
  freshAt = new Date()
  if (event instanceof CustomEvent) replaceCards(String(event.detail))
})
live.addEventListener('adrift', () => {
  adrift.textContent = (adrift.dataset.words ?? '').replace('{time}', clock.format(freshAt))
  adrift.hidden = false
})
setInterval(refreshPictures, PICTURE_EVERY_MS)
// A picture that is not there yet leaves its place dark instead of torn. These events do not bubble; they are met on the way down.
document.addEventListener('load', ({ target }) => hideTorn(target), true)
document.addEventListener('error', ({ target }) => hideTorn(target), true)
live.querySelectorAll('img').forEach(hideTorn)
document.addEventListener('visibilitychange', refreshPictures)

/** Puts the new cards in place of the old ones; pictures that are already there stay, and the focus stays where it was. */
function replaceCards(html: string) {
  const next = document.createElement('template')
  next.innerHTML = html
  const focused = document.activeElement?.closest<HTMLElement>('[data-stream]')?.dataset.stream
  for (const card of next.content.querySelectorAll<HTMLElement>('[data-stream]')) {
    const kept = find(card.dataset.stream)?.querySelector('img')
    const fresh = card.querySelector('img')
    if (kept && fresh && withoutQuery(kept.src) === withoutQuery(fresh.src)) fresh.replaceWith(kept)
  }
  live.replaceChildren(next.content)
  find(focused)?.querySelector('a')?.focus({ preventScroll: true })
}

/** Each picture is fetched and decoded beside the page, so that it changes without a flicker. */
function refreshPictures() {
  if (document.hidden) return
  for (const picture of live.querySelectorAll('img')) {
    const next = new Image()
    // All viewers ask for the same address within four seconds: caches on the way can serve them.
    next.src = `${withoutQuery(picture.src)}?at=${Math.floor(Date.now() / PICTURE_EVERY_MS)}`
    const change = () => picture.setAttribute('src', next.src)
    next.decode().then(change, () => {}) // when it cannot be had, the last one stays
  }
}

function hideTorn(picture: EventTarget | null) {
  if (picture instanceof HTMLImageElement)
    picture.classList.toggle('torn', picture.complete && picture.naturalWidth === 0)
}

function find(stream: string | undefined) {
  return stream === undefined ? null : live.querySelector(`[data-stream="${CSS.escape(stream)}"]`)
}

function withoutQuery(url: string) {
  return url.split('?')[0] ?? url
}

function required(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (!element) throw new Error(`The page has no #${id}`)
  return element
}
