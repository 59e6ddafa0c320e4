import type { Page } from 'playwright-core'

export type SeenPlayback = {
  /** The longest time without a new picture, in ms. */
  freezeMs: number
  /** When that began, counted from the mark. */
  frozenAtMs: number
  /** Until the first media has come from a host that none came from before. */
  movedAfterMs?: number
  /** What the watch page plays from now, by its own account, and what has failed it. */
  pathway: string
  lost: { pathway: string; how: string }[]
  /** How far the picture is behind what is buffered, in seconds. */
  buffered: number
}

/** Before the page is opened: keeps when each picture was shown and where media came from. For any page with one video element. */
export const seePlayback = (page: Page) => page.addInitScript(script)

/** From now on. */
export const markPlayback = (page: Page) => page.evaluate<void>('window.seenPlayback.mark()')

/** What was seen since the mark. */
export const playbackSince = (page: Page) => page.evaluate<SeenPlayback>('window.seenPlayback.report()')

const script = `(() => {
  let frames = [], lost = [], media = [], known = new Set(), markedAt = 0
  const isMedia = (url) => /\\.(?:m4s|mp4)$/.test(url.pathname)
  addEventListener('lost', ({ detail }) => lost.push(detail))
  new PerformanceObserver((list) => {
    for (const { name, responseEnd } of list.getEntries()) {
      const url = new URL(name)
      if (isMedia(url) && responseEnd) media.push({ host: url.host, at: responseEnd })
    }
  }).observe({ type: 'resource', buffered: true })
  const video = () => document.querySelector('video')
  const see = (now) => { frames.push(now); video().requestVideoFrameCallback(see) }
  addEventListener('DOMContentLoaded', () => video().requestVideoFrameCallback(see))
  window.seenPlayback = {
    mark() {
      markedAt = performance.now()
      known = new Set(media.map(({ host }) => host))
      frames = frames.slice(-1)
      lost = []
    },
    report() {
      const times = [...frames, performance.now()]
      const gaps = times.slice(1).map((time, at) => time - times[at])
      const moved = media.find(({ host, at }) => at > markedAt && !known.has(host))
      const { buffered, currentTime, dataset } = video()
      return {
        freezeMs: Math.round(Math.max(0, ...gaps)),
        frozenAtMs: Math.round((times[gaps.indexOf(Math.max(...gaps))] ?? markedAt) - markedAt),
        movedAfterMs: moved && Math.round(moved.at - markedAt),
        pathway: dataset.pathway || '',
        lost,
        buffered: buffered.length ? buffered.end(buffered.length - 1) - currentTime : 0,
      }
    },
  }
})()`
