import type { Engine } from './engine.ts'
import { isBehind, trueDelay } from './live-edge.ts'
import { element } from './page-element.ts'
import type { Picture } from './picture.ts'
import { actOf, type Focused, type PlayerAct, playerActs } from './player-keys.ts'
import { autoWords, delayWords, liveLabel, type PlayerWords } from './player-words.ts'
import { offeredQualities, qualityName } from './quality-choice.ts'

const IDLE_MS = 3000
const VOLUME_STEP = 0.1

type Parts = {
  stage: HTMLElement
  video: HTMLVideoElement
  picture: Picture
  engine: Engine
  words: PlayerWords
}

/** The controls over the picture: gone while it plays and nobody touches anything. Keys and buttons do the same. */
export function openControlBar({ stage, video, picture, engine, words }: Parts) {
  const bar = element('controls')
  const volume = element('volume', HTMLInputElement)
  const quality = openQualityChoice(engine, words)
  const wake = hideWhenIdle(stage, bar, video)
  const perform: Record<PlayerAct, () => void> = {
    play: picture.toggle,
    mute: () => (video.muted = !video.muted),
    'full screen': () => void toggleFullScreen(stage, video),
    louder: () => setVolume(video.volume + VOLUME_STEP),
    softer: () => setVolume(video.volume - VOLUME_STEP),
    live: () => picture.toEdge(engine.edge()),
    captions: () => engine.showCaptions(engine.captions() !== 'shown'),
  }

  function act(name: PlayerAct) {
    perform[name]()
    wake()
    show()
  }

  function setVolume(to: number) {
    video.volume = Math.min(1, Math.max(0, to))
    video.muted = video.volume === 0
  }

  function show() {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) bar.hidden = false
    const silent = video.muted || video.volume === 0
    label('toggle', video.paused ? words.play : words.pause, video.paused)
    label('mute', silent ? words.unmute : words.mute, silent)
    const full = document.fullscreenElement !== null
    label('full', full ? words.leaveFullScreen : words.fullScreen, full)
    volume.valueAsNumber = silent ? 0 : video.volume
    showDelay(engine, words)
    showCaptions(engine)
    quality.show()
  }

  for (const name of playerActs)
    bar.querySelector(`[data-act="${name}"]`)?.addEventListener('click', () => act(name))
  volume.addEventListener('input', () => setVolume(volume.valueAsNumber))
  document.addEventListener('keydown', (event) => {
    const name = actOf(event, focused(event.target))
    if (!name) return
    event.preventDefault()
    act(name)
  })
  for (const event of ['play', 'pause', 'volumechange', 'playing']) video.addEventListener(event, show)
  document.addEventListener('fullscreenchange', show)
  video.addEventListener('dblclick', perform['full screen'])
  return { show }
}

/** `data-on` chooses between a button's two pictures. */
function label(id: string, name: string, on: boolean) {
  const button = element(id)
  if (button.ariaLabel === name) return
  button.ariaLabel = name
  button.title = `${name} (${button.ariaKeyShortcuts})`
  button.toggleAttribute('data-on', on)
}

function showDelay(engine: Engine, words: PlayerWords) {
  const { lang: language } = document.documentElement
  const delay = engine.delay()
  const seconds = delay && trueDelay(delay, Date.now())
  const behind = delay !== undefined && isBehind(delay)
  const button = element('live')
  button.toggleAttribute('data-behind', behind)
  button.ariaLabel = liveLabel(words, seconds, { language, tooFar: behind })
  element('delay').textContent = seconds === undefined ? '' : delayWords(seconds, language)
}

function showCaptions(engine: Engine) {
  const captions = engine.captions()
  element('captions').hidden = captions === 'none'
  element('captions').ariaPressed = String(captions === 'shown')
}

function openQualityChoice(engine: Engine, words: PlayerWords) {
  const choice = element('quality', HTMLSelectElement)
  const automatic = new Option(words.auto, '')
  let listed = ''
  choice.addEventListener('change', () => {
    engine.choose(choice.value ? Number(choice.value) : undefined)
    choice.blur() // or the keys would be its own from now on
  })

  function list() {
    const qualities = offeredQualities(engine.qualities())
    const names = qualities.map(qualityName).join()
    // While a new source loads, and where there is nothing to choose, the old list stays as it is.
    if (qualities.length === 0 || names === listed) return
    listed = names
    const chosen = choice.value
    choice.replaceChildren(
      automatic,
      ...qualities.map((each) => new Option(qualityName(each), `${each.height}`)),
    )
    choice.value = chosen
    if (choice.selectedIndex < 0) choice.value = ''
    choice.hidden = qualities.length < 2
  }

  return {
    show() {
      list()
      const playing = engine.playing()
      const name = autoWords(words, playing && choice.value === '' ? qualityName(playing) : undefined)
      if (automatic.text !== name) automatic.text = name
    },
  }
}

/** Answers what wakes the bar. A finger on the picture shows and hides it, a mouse plays and pauses. */
function hideWhenIdle(stage: HTMLElement, bar: HTMLElement, video: HTMLVideoElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const used = () => bar.contains(document.activeElement?.closest(':focus-visible, select') ?? null)
  const hide = () => {
    if (video.paused || used()) wake()
    else stage.classList.add('idle')
  }
  const wake = () => {
    stage.classList.remove('idle')
    clearTimeout(timer)
    timer = setTimeout(hide, IDLE_MS)
  }
  let shownBefore = true
  stage.addEventListener('pointerdown', () => {
    shownBefore = !stage.classList.contains('idle')
    wake()
  })
  video.addEventListener('click', (event) => {
    if (event instanceof PointerEvent && event.pointerType === 'touch') return shownBefore && hide()
    element('toggle').click()
  })
  for (const event of ['pointermove', 'focusin'] as const) stage.addEventListener(event, wake)
  stage.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && hide())
  wake()
  return wake
}

/** iPhones know it only for the video itself. */
type Phone = HTMLVideoElement & { webkitEnterFullscreen?: () => void }

async function toggleFullScreen(stage: HTMLElement, video: Phone) {
  if (document.fullscreenElement) return document.exitFullscreen()
  if (document.fullscreenEnabled) return stage.requestFullscreen()
  video.webkitEnterFullscreen?.()
}

function focused(target: EventTarget | null): Focused {
  if (!(target instanceof Element)) return 'nothing'
  if (target.matches('[type=range]')) return 'slider'
  if (target.matches('input, select, textarea, [contenteditable]')) return 'field'
  return target.matches('button, a, summary') ? 'button' : 'nothing'
}
