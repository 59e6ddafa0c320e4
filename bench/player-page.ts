import { BLOCKS_HEIGHT, BLOCKS_SHARE, BLOCKS_WIDTH, readMoment } from './epoch-blocks.ts'
import type { ShownFrame } from './shown-frames.ts'

// hls.js and dash.js stand before this as globals.
type HlsPlayer = {
  loadSource: (url: string) => void
  attachMedia: (video: HTMLVideoElement) => void
  on: (event: 'hlsError', heard: (event: string, error: { details: string; fatal: boolean }) => void) => void
}
type DashPlayer = {
  initialize: (video: HTMLVideoElement, url: string, autoPlay: boolean) => void
  updateSettings: (settings: object) => void
  on: (event: 'error', heard: (told: { error: { message: string } }) => void) => void
}
declare const Hls: new (settings: object) => HlsPlayer
declare const dashjs: { MediaPlayer: () => { create: () => DashPlayer } }

export type PlayOrder = { player: 'hls' | 'dash'; url: string; settings: object }

declare global {
  interface Window {
    play: (order: PlayOrder) => void
    /** The frames shown since it was asked last. */
    takeFrames: () => ShownFrame[]
    /** What the player could not go on after by itself. */
    failures: string[]
  }
}

const frames: ShownFrame[] = []

window.failures = []
window.takeFrames = () => frames.splice(0)
window.play = ({ player, url, settings }) => {
  const video = document.querySelector('video')
  if (!video) throw new Error('no video')
  watch(video)
  if (player === 'dash') {
    const dash = dashjs.MediaPlayer().create()
    dash.on('error', ({ error }) => window.failures.push(error.message))
    dash.updateSettings(settings)
    dash.initialize(video, url, true)
  } else {
    const hls = new Hls(settings)
    hls.on('hlsError', (_, { details, fatal }) => fatal && window.failures.push(details))
    hls.loadSource(url)
    hls.attachMedia(video)
  }
}

function watch(video: HTMLVideoElement) {
  const canvas = document.createElement('canvas')
  canvas.width = BLOCKS_WIDTH
  canvas.height = BLOCKS_HEIGHT
  const drawing = canvas.getContext('2d', { willReadFrequently: true })
  if (!drawing) throw new Error('no canvas')
  video.requestVideoFrameCallback(function look() {
    const shownAt = Date.now()
    drawing.drawImage(
      video,
      ...([0, 0, video.videoWidth, video.videoHeight * BLOCKS_SHARE] as const),
      ...([0, 0, BLOCKS_WIDTH, BLOCKS_HEIGHT] as const),
    )
    const { data } = drawing.getImageData(0, 0, BLOCKS_WIDTH, BLOCKS_HEIGHT)
    frames.push({ shownAt, paintedAt: readMoment(data, shownAt) })
    video.requestVideoFrameCallback(look)
  })
}
