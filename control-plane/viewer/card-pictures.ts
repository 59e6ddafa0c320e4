const EVERY_MS = 4000
/** So long the control plane's copy stands in before the node is asked again. */
const SPARED_MS = 60_000

/** When the node has last not given it. */
const failedAt = new WeakMap<HTMLImageElement, number>()
/** Nothing had come yet at the last look. */
const awaited = new WeakSet<HTMLImageElement>()

/** Keeps the pictures in `live` fresh: from their nodes, and from the control plane where a node cannot be asked (another line, or a browser that does not let it). */
export function keepPictures(live: HTMLElement) {
  const refreshAll = () => {
    if (document.hidden) return
    for (const picture of live.querySelectorAll('img')) if (isNear(picture)) look(picture)
  }
  setInterval(refreshAll, EVERY_MS)
  document.addEventListener('visibilitychange', refreshAll)
  // A picture that is not there yet leaves its place dark instead of torn. These events do not bubble; they are met on the way down.
  document.addEventListener('load', ({ target }) => markTorn(target), true)
  document.addEventListener('error', ({ target }) => fail(target), true)
  for (const picture of live.querySelectorAll('img')) if (isTorn(picture)) fail(picture)
}

/** In sight, or nearly: nobody pays for the others. */
function isNear(picture: HTMLImageElement): boolean {
  const { top, bottom } = picture.getBoundingClientRect()
  return bottom > -innerHeight / 2 && top < innerHeight * 1.5
}

function look(picture: HTMLImageElement) {
  if (picture.complete) return void refresh(picture)
  if (awaited.has(picture)) fail(picture)
  awaited.add(picture)
}

/** Fetched and decoded beside the page, so that it changes without a flicker. */
async function refresh(picture: HTMLImageElement) {
  const next = new Image()
  const spared = isSpared(picture)
  next.src = urlOf(picture)
  try {
    await next.decode()
    picture.setAttribute('src', next.src)
  } catch {
    if (!spared) fail(picture) // where neither can be had, the last one stays
  }
}

function fail(picture: EventTarget | null) {
  if (!(picture instanceof HTMLImageElement)) return
  markTorn(picture)
  if (isSpared(picture)) return
  failedAt.set(picture, Date.now())
  void refresh(picture)
}

const isSpared = (picture: HTMLImageElement) =>
  Date.now() - (failedAt.get(picture) ?? Number.NEGATIVE_INFINITY) < SPARED_MS

/** All viewers ask for the same address within four seconds: caches on the way can serve them. */
function urlOf(picture: HTMLImageElement): string {
  const { own = '', fallback = own } = picture.dataset
  return `${isSpared(picture) ? fallback : own}?at=${Math.floor(Date.now() / EVERY_MS)}`
}

const markTorn = (picture: EventTarget | null) =>
  picture instanceof HTMLImageElement && picture.classList.toggle('torn', isTorn(picture))

function isTorn({ complete, naturalWidth }: HTMLImageElement): boolean {
  return complete && naturalWidth === 0
}
