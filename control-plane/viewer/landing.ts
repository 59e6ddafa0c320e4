// Runs in the browser, sent with its types stripped and its imports beside it.
import { keepPictures } from './card-pictures.ts'
import { keepList, latestList } from './latest-list.ts'
import { element } from './page-element.ts'
import { mayOpen, registerWorker } from './register-worker.ts'
import { renew } from './renew.ts'

/** Pages of streams that open without the control plane. */
const MOST_KEPT = 12

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: 'numeric', minute: '2-digit' })
const live = element('live')
const adrift = element('adrift')

let freshAt = new Date(live.dataset.made ?? '')

registerWorker()
showLatest()
tellWorker()
live.addEventListener('fresh', (event) => {
  if (!(event instanceof CustomEvent)) return
  adrift.hidden = true
  freshAt = new Date()
  const cards = String(event.detail)
  replaceCards(cards)
  keepList({ cards, at: freshAt })
  tellWorker()
})
live.addEventListener('adrift', () => {
  adrift.textContent = (adrift.dataset.words ?? '').replace('{time}', clock.format(freshAt))
  adrift.hidden = false
})
keepPictures(live)

function showLatest() {
  const latest = latestList(freshAt)
  if (!latest) return
  freshAt = latest.at
  replaceCards(latest.cards)
}

function tellWorker() {
  const links = [...live.querySelectorAll<HTMLAnchorElement>('a.card')].slice(0, MOST_KEPT)
  void mayOpen(links.map(({ pathname }) => pathname))
}

function replaceCards(html: string) {
  const next = document.createElement('div')
  next.innerHTML = html
  const focused = document.activeElement?.closest<HTMLElement>('[data-stream]')?.dataset.stream
  renew(live, next)
  // A card that was moved has lost it.
  if (!live.contains(document.activeElement))
    find(focused)?.querySelector('a')?.focus({ preventScroll: true })
}

function find(stream: string | undefined) {
  return stream === undefined ? null : live.querySelector(`[data-stream="${CSS.escape(stream)}"]`)
}
