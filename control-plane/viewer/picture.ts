import { element } from './page-element.ts'

/** A pause so soon after a new source is the source's own doing, even if the browser tells of it late. */
const SETTLED_MS = 1000

/** The video element and what its viewer wants of it. It starts with sound, else without, else with a button: as much as a browser allows an untouched page. */
export function openPicture(video: HTMLVideoElement) {
  const playButton = element('play')
  const soundButton = element('sound')
  const frame = element('frame', HTMLCanvasElement)
  let held = false // by the viewer
  let follows = true // the live edge; whoever held it wants to see what he missed
  let sourceAt = Number.NEGATIVE_INFINITY

  async function start() {
    sourceAt = performance.now()
    if (held || (await plays(video))) return
    video.muted = true
    const silent = await plays(video)
    soundButton.hidden = !silent
    playButton.hidden = silent
  }

  function play() {
    held = false
    playButton.hidden = true
    void plays(video)
  }

  function hold() {
    held = true
    follows = false
    video.pause()
  }

  function toEdge(edge: number | undefined) {
    follows = true
    if (edge !== undefined) video.currentTime = edge
    play()
  }

  /** Whoever wants to see what was does not follow the live edge. */
  function toMoment(position: number) {
    follows = false
    video.currentTime = position
    play()
  }

  function sound() {
    video.muted = false
    if (!playButton.hidden) play()
  }

  /**
   * A headset, the system or a picture in picture may pause it too, and that is respected. What has ended, ran dry or was given
   * a new source is paused by nobody: hls.js ends the old source when it takes it away, and the pause is told afterwards.
   */
  function notePause() {
    if (!video.paused) return // events tell of the past: it has been played again since
    const settled = performance.now() - sourceAt > SETTLED_MS
    if (settled && !video.ended && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) hold()
  }

  playButton.addEventListener('click', sound)
  soundButton.addEventListener('click', sound)
  video.addEventListener('volumechange', () => {
    if (!video.muted) soundButton.hidden = true
  })
  video.addEventListener('play', () => {
    if (video.paused) return
    held = false
    playButton.hidden = true
  })
  video.addEventListener('pause', notePause)
  video.addEventListener('loadeddata', () => {
    frame.hidden = true
  })

  return {
    start,
    keepFrame: () => keepFrame(video, frame),
    held: () => held,
    wanted: () => !held && playButton.hidden !== false,
    follows: () => follows,
    toggle: () => (video.paused ? play() : hold()),
    toEdge,
    toMoment,
    say(words: string) {
      const matter = element('matter')
      if (matter.textContent !== words) matter.textContent = words // said again it would be read out again
    },
  }
}

export type Picture = ReturnType<typeof openPicture>

/** A new source would show the poster, or black: the last frame stays before it until the next is there. */
function keepFrame(video: HTMLVideoElement, frame: HTMLCanvasElement) {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return
  frame.width = video.videoWidth
  frame.height = video.videoHeight
  frame.getContext('2d')?.drawImage(video, 0, 0)
  frame.hidden = false
}

/** False when the browser forbids it. An interrupted attempt (a new source came) is no refusal. */
function plays(video: HTMLVideoElement): Promise<boolean> {
  return video.play().then(
    () => true,
    (error: unknown) => !(error instanceof DOMException && error.name === 'NotAllowedError'),
  )
}
