// Runs in the browser, sent with its types stripped: it imports nothing but types. hls.js stands before it as the global `Hls`.
import type HlsClass from 'hls.js'
import type { HlsConfig, LoadPolicy } from 'hls.js'
import type { WatchState } from './watch-page.ts'

const FIRST_RETRY_MS = 400
const LONGEST_RETRY_MS = 4000
/** While nothing is live the page is told of the beginning; asking is only for the case that it was not. */
const IDLE_RETRY_MS = 10_000
const ASK_MS = 2500
const PLAYLIST_MS = 4000
const LOOK_EVERY_MS = 500
/** A picture that has not moved for so long is said to stand still, … */
const STILL_MS = 1500
/** … and for so long, though the stream is live, it needs a new beginning, whatever hls.js believes. */
const STUCK_MS = 8000
const REPAIR_AGAIN_MS = 5000

/** What the control plane answers when it is asked where the stream is now. */
export type Answer = { kind: 'here'; playlist: string } | { kind: 'not-live' } | { kind: 'silent' }

/** Where to try next: by turns straight from the node and through the relay. Absent while there is nothing to play. */
export function nextPlaylist(
  answer: Answer,
  attempt: number,
  known: { direct: string; relay: string },
): string | undefined {
  if (answer.kind === 'not-live') return undefined
  if (attempt % 2 === 1) return known.relay
  return (answer.kind === 'here' && answer.playlist) || known.direct || known.relay
}

/** How long to wait before the n-th attempt (from 0): never longer than a few seconds, never all viewers at once. */
export function retryMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10)) * (0.75 + random() / 2)
}

export type Situation = {
  still: boolean
  online: boolean
  state: WatchState['state']
  matter: string
  failures: number
}

/** The sentence on the picture: none while it moves, whatever is wrong behind it. */
export function sentenceFor(situation: Situation, words: { unreachable: string; offline: string }): string {
  if (!situation.still) return ''
  if (!situation.online) return words.offline
  if (situation.state !== 'live') return situation.matter
  return situation.failures >= 2 ? words.unreachable : ''
}

/** With its own policies hls.js waits up to 50 s for a silent node; with these it gives up at the first time-out, and we look elsewhere. */
const patience: LoadPolicy['default'] = {
  maxTimeToFirstByteMs: 3000,
  maxLoadTimeMs: 5000,
  timeoutRetry: { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 1, retryDelayMs: 200, maxRetryDelayMs: 500 },
}
const hlsSettings: Partial<HlsConfig> = {
  manifestLoadPolicy: { default: { ...patience, maxTimeToFirstByteMs: 4000 } },
  playlistLoadPolicy: { default: patience },
  fragLoadPolicy: { default: { ...patience, maxTimeToFirstByteMs: 2500, maxLoadTimeMs: 8000 } },
  maxLiveSyncPlaybackRate: 1.05, // without it a viewer who once fell behind stays behind
  capLevelToPlayerSize: true, // the node's uplink is what runs out first
  backBufferLength: 60,
}
declare const Hls: typeof HlsClass

if ('document' in globalThis) startPlayer(element('stage'))

/** Keeps the picture moving as long as the page is open. */
function startPlayer(stage: HTMLElement) {
  const video = stage.querySelector('video')
  if (!video) return
  const { name = '', relayPort, state = '{}', unreachable = '', offline = '' } = stage.dataset
  const relay = `http://${location.hostname}:${relayPort}/${name}/index.m3u8`
  let stream: WatchState = JSON.parse(state)
  let begun = { session: '', at: 0 }
  let recovering = false

  const search = searchPlaylist(name, { direct: stream.playlist, relay })
  const movement = observeMovement(video)
  const picture = openPicture(video)
  const engine = openEngine(video, { failed: recover, arrived: search.succeeded })

  function begin(url: string) {
    begun = { session: stream.session, at: performance.now() }
    engine.load(url)
    void picture.start()
  }

  async function recover() {
    if (recovering) return
    recovering = true
    begin(await search.next())
    recovering = false
  }

  function learn(next: WatchState) {
    const cameBack = next.state === 'live' && (stream.state !== 'live' || stream.session !== next.session)
    stream = next
    describe(next)
    search.learn(next.playlist)
    if (!cameBack) return
    search.hurry()
    begun.at = performance.now() // from now on the picture may be expected to move
    if (begun.session !== next.session || video?.ended) void recover()
  }

  function look() {
    const stuck = movement.stillMs(begun.at) > STUCK_MS
    if (stuck && stream.state === 'live' && picture.wanted()) void recover()
    const situation = {
      still: movement.stillMs() > STILL_MS && !picture.held(),
      online: navigator.onLine,
      state: stream.state,
      matter: stream.matter,
      failures: search.failures(),
    }
    picture.say(sentenceFor(situation, { unreachable, offline }))
  }

  stage.addEventListener(
    'fresh',
    (event) => event instanceof CustomEvent && event.detail && learn(JSON.parse(event.detail)),
  )
  window.addEventListener('online', search.hurry)
  setInterval(look, LOOK_EVERY_MS)
  if (stream.state === 'live') begin(stream.playlist || relay)
}

/** Looks for a playlist that answers, as long as it takes. The old picture plays on from its buffer meanwhile. */
function searchPlaylist(name: string, known: { direct: string; relay: string }) {
  let failures = 0
  let wake = () => {}
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      setTimeout(resolve, ms)
    })

  function learn(direct: string) {
    known.direct = direct || known.direct
  }

  async function next(): Promise<string> {
    for (let wait = retryMs(failures); ; ) {
      await pause(wait)
      const answer = await ask(name)
      if (answer.kind === 'here') learn(answer.playlist)
      const url = nextPlaylist(answer, failures, known)
      if (url) failures += 1
      if (url && (await answers(url))) return url
      wait = url ? retryMs(failures) : IDLE_RETRY_MS
    }
  }

  return {
    next,
    learn,
    failures: () => failures,
    succeeded() {
      failures = 0
    },
    /** Something has changed for the better: the present pause is over. */
    hurry() {
      failures = 0
      wake()
    },
  }
}

async function ask(name: string): Promise<Answer> {
  const response = await get(`/streams/${name}`, ASK_MS)
  if (response?.status === 404) return { kind: 'not-live' }
  const place = response?.ok ? await response.json().catch(() => undefined) : undefined
  return place
    ? { kind: 'here', playlist: `http://${place.host}/${name}/${place.manifest}` }
    : { kind: 'silent' }
}

async function answers(url: string): Promise<boolean> {
  return (await get(url, PLAYLIST_MS))?.ok ?? false
}

function get(url: string, ms: number): Promise<Response | undefined> {
  return fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(ms) }).catch(() => undefined)
}

type Told = { failed: () => void; arrived: () => void }

/** hls.js where the browser has Media Source Extensions, the browser's own HLS elsewhere (iPhone). */
function openEngine(video: HTMLVideoElement, told: Told): { load: (url: string) => void } {
  return Hls.isSupported() ? openHls(video, told) : openNative(video, told)
}

function openHls(video: HTMLVideoElement, { failed, arrived }: Told) {
  const hls = new Hls(hlsSettings)
  let repairedAt = Number.NEGATIVE_INFINITY
  hls.attachMedia(video)
  hls.on(Hls.Events.FRAG_BUFFERED, arrived)
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return
    const now = performance.now()
    if (type !== Hls.ErrorTypes.MEDIA_ERROR || now - repairedAt < REPAIR_AGAIN_MS) return failed()
    repairedAt = now // a decoder that stumbled: the bytes are still good
    hls.recoverMediaError()
  })
  return { load: (url: string) => hls.loadSource(url) }
}

function openNative(video: HTMLVideoElement, { failed, arrived }: Told) {
  video.addEventListener('error', failed)
  video.addEventListener('timeupdate', arrived)
  return {
    load(url: string) {
      video.src = url
      video.load()
    },
  }
}

/** Since when the picture stands, seen from outside: hls.js and the element may believe otherwise. */
function observeMovement(video: HTMLVideoElement) {
  let seen = 0
  let movedAt = Number.NEGATIVE_INFINITY
  setInterval(() => {
    if (video.currentTime !== seen) movedAt = performance.now()
    seen = video.currentTime
  }, LOOK_EVERY_MS / 2)
  return {
    stillMs: (notBefore = Number.NEGATIVE_INFINITY) => performance.now() - Math.max(movedAt, notBefore),
  }
}

/** What is seen of the player. It starts with sound, else without, else with a button: as much as a browser allows an untouched page. */
function openPicture(video: HTMLVideoElement) {
  const playButton = element('play')
  const soundButton = element('sound')
  let held = false // by the viewer

  async function start() {
    if (held) return
    if (await plays(video)) return
    video.muted = true
    soundButton.hidden = !(await plays(video))
    playButton.hidden = !soundButton.hidden
  }

  playButton.addEventListener('click', () => {
    video.muted = false
    void plays(video)
  })
  soundButton.addEventListener('click', () => {
    video.muted = false
  })
  video.addEventListener('volumechange', () => {
    if (!video.muted) soundButton.hidden = true
  })
  video.addEventListener('play', () => {
    held = false
    playButton.hidden = true
  })
  video.addEventListener('pause', () => {
    held = !video.ended
  })
  return {
    start,
    held: () => held,
    wanted: () => !held && playButton.hidden, // also while paused: a new source does that, and no event tells
    /** With words on the picture the browser's own controls, and the wheel they turn over a picture that waits, are out of place. */
    say(words: string) {
      element('matter').textContent = words
      video.controls = words === '' && video.currentTime > 0
    },
  }
}

/** False when the browser forbids it. An interrupted attempt (a new source came) is no refusal. */
function plays(video: HTMLVideoElement): Promise<boolean> {
  return video.play().then(
    () => true,
    (error: unknown) => !(error instanceof DOMException && error.name === 'NotAllowedError'),
  )
}

function describe({ state, title, line, description }: WatchState) {
  element('title').textContent = title
  element('line').textContent = line
  element('line').className = `state ${state === 'live' ? 'on' : 'off'}`
  element('description').textContent = description
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no #${id}`)
  return found
}
