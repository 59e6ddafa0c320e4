import type { Engine, EngineTold } from './engine.ts'

/** Safari's; the time of the picture at the start of the media timeline. */
type WithStartDate = HTMLVideoElement & { getStartDate?: () => Date }

/** The browser's own HLS (iPhone): it chooses the quality and keeps its distance by itself. */
export function openNative(video: WithStartDate, { failed, arrived }: EngineTold): Engine {
  video.addEventListener('error', failed)
  video.addEventListener('timeupdate', arrived)
  const lastSeekable = () =>
    video.seekable.length ? video.seekable.end(video.seekable.length - 1) : undefined
  const captionTracks = () =>
    [...video.textTracks].filter(({ kind }) => kind === 'subtitles' || kind === 'captions')

  return {
    load(url) {
      video.src = url
      video.load()
    },
    edge: lastSeekable,
    delay() {
      const end = lastSeekable()
      if (end === undefined) return undefined
      const startedAt = video.getStartDate?.().getTime() ?? Number.NaN
      const takenAt = Number.isNaN(startedAt) ? undefined : startedAt + video.currentTime * 1000
      return { behindEdge: Math.max(0, end - video.currentTime), takenAt }
    },
    kept() {
      const startsAt = video.getStartDate?.().getTime() ?? Number.NaN
      const end = lastSeekable()
      if (end === undefined || Number.isNaN(startsAt)) return undefined
      const start = video.seekable.start(0)
      return { start, end, startsAt: startsAt + start * 1000 }
    },
    qualities: () => [],
    playing: () => undefined,
    choose: () => {},
    captions() {
      const tracks = captionTracks()
      if (tracks.length === 0) return 'none'
      return tracks.some(({ mode }) => mode === 'showing') ? 'shown' : 'hidden'
    },
    showCaptions(shown) {
      for (const [place, track] of captionTracks().entries())
        track.mode = shown && place === 0 ? 'showing' : 'disabled'
    },
  }
}
