import { openBeacons } from './beacons.ts'
import { openControlBar } from './control-bar.ts'
import type { Engine, EngineTold } from './engine.ts'
import { isLost } from './live-edge.ts'
import { element } from './page-element.ts'
import { openPicture } from './picture.ts'
import { readOrders } from './player-orders.ts'
import type { PlayerWords } from './player-words.ts'
import { searchPlaylist } from './playlist-search.ts'
import { seekMoment } from './seek-moment.ts'
import { STILL_MS, sentenceFor } from './sentence.ts'
import type { WatchState } from './watch-page.ts'
import { aheadOf, nextWatch, unseen } from './watchdog.ts'

const LOOK_EVERY_MS = 500
const CATCH_UP_AGAIN_MS = 5000

type Shown = { video: HTMLVideoElement; words: PlayerWords }
type OpenEngine = (shown: Shown, told: EngineTold) => Engine

/** With what brings the picture to the page's video element. */
export const startPlayer = (openEngine: OpenEngine) =>
  keepPlaying(element('stage'), element('video', HTMLVideoElement), openEngine)

/** Keeps the picture moving as long as the page is open. */
function keepPlaying(stage: HTMLElement, video: HTMLVideoElement, openEngine: OpenEngine) {
  const { name, state, words, play, relay } = readOrders(stage)
  let stream = state
  let session = '' // whose playlist was loaded last
  let searching: AbortController | undefined
  let watch = unseen

  const search = searchPlaylist(name, { play, direct: stream.playlist, relay })
  const picture = openPicture(video)
  const engine = openEngine(
    { video, words },
    {
      failed: () => void (searching || recover()),
      arrived: search.succeeded,
      lost: (lost) => beacons.lost(lost),
    },
  )
  const beacons = openBeacons(video, () => ({ stream: name, session, pathway: engine.pathway?.() }))
  const bar = openControlBar({ stage, video, picture, engine, words })
  const catchUp = followEdge(video, engine)
  const seek = seekMoment({ engine, picture, words })

  function begin(url: string) {
    session = stream.session
    beacons.expected()
    picture.keepFrame()
    engine.load(url)
    void picture.start()
  }

  /** A new search ends the one before it, wherever that may hang. */
  async function recover() {
    searching?.abort()
    const mine = new AbortController()
    searching = mine
    search.exclude(engine.spared?.() ?? [])
    try {
      const url = await search.next(mine.signal)
      if (url) begin(url)
    } finally {
      if (searching === mine) searching = undefined
    }
  }

  function learn(next: WatchState) {
    const back = hasComeBack(stream, next)
    stream = next
    describe(next)
    search.learn(next.playlist)
    if (!back) return
    search.hurry()
    watch = { ...watch, stuckMs: 0 } // from now on the picture may be expected to move
    if (session !== next.session || video.ended || video.readyState === 0) void recover()
  }

  function look() {
    const expected = stream.state === 'live' && picture.wanted()
    const ahead = aheadOf(video.currentTime, rangesOf(video.buffered), engine.edge())
    const [next, mend] = nextWatch(watch, { ...sightOf(video), expected, ahead })
    watch = next
    beacons.looked({ moves: watch.stillMs === 0, expected })
    if (mend === 'play') void picture.start()
    if (mend === 'jump' && ahead !== undefined) video.currentTime = ahead
    if (mend === 'renew') void recover()
    if (watch.stillMs === 0 && picture.follows()) catchUp()
    const still = watch.stillMs > STILL_MS && !picture.held()
    const situation = { still, online: navigator.onLine, failures: search.failures() }
    picture.say(engine.trouble?.() || sentenceFor(words, { ...stream, ...situation }))
    seek()
    bar.show()
  }

  stage.addEventListener('fresh', (event) => {
    if (event instanceof CustomEvent && event.detail) learn(JSON.parse(event.detail))
  })
  window.addEventListener('online', search.hurry)
  keepLooking(look)
  if (stream.state === 'live') begin(play || stream.playlist || relay)
}

function keepLooking(look: () => void) {
  document.addEventListener('visibilitychange', look) // timers of a hidden page are throttled to one a minute
  setInterval(look, LOOK_EVERY_MS)
}

/** It is live again, anew, or can be fetched for the first time. */
const hasComeBack = (before: WatchState, next: WatchState) =>
  next.state === 'live' &&
  (before.state !== 'live' || before.session !== next.session || (!before.playlist && next.playlist !== ''))

/** Brings a viewer back whom a stall has set so far behind that playing faster does not. */
function followEdge(video: HTMLVideoElement, engine: Engine) {
  let jumpedAt = Number.NEGATIVE_INFINITY
  return () => {
    const [delay, edge, now] = [engine.delay(), engine.edge(), performance.now()]
    if (!delay || !isLost(delay) || edge === undefined || edge < video.currentTime) return
    if (now - jumpedAt < CATCH_UP_AGAIN_MS) return
    jumpedAt = now
    video.currentTime = edge
  }
}

function sightOf(video: HTMLVideoElement) {
  const countable = !document.hidden && video.videoWidth > 0
  return {
    now: performance.now(),
    position: video.currentTime,
    frames: countable ? video.getVideoPlaybackQuality?.().totalVideoFrames : undefined,
    paused: video.paused,
  }
}

const rangesOf = (ranges: TimeRanges) =>
  Array.from({ length: ranges.length }, (_, place) => ({
    start: ranges.start(place),
    end: ranges.end(place),
  }))

function describe({ state, title, line, description }: WatchState) {
  element('title').textContent = title
  const lineElement = document.getElementById('line')
  if (!lineElement) return // on pages of others there is the title alone
  lineElement.textContent = line
  lineElement.className = `state ${state === 'live' ? 'on' : 'off'}`
  element('description').textContent = description
}
