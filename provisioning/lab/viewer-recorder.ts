// What it sees of hls.js, which is no dependency of the lab.
type Level = { pathwayId?: string }
type Told = { frag: { url: string; level: number }; part?: { url: string } | null }
type Hls = {
  levels: Level[]
  on: ((event: 'hlsFragBuffered', heard: (event: string, told: Told) => void) => void) &
    ((event: 'hlsError', heard: (event: string, told: { fatal: boolean; details: string }) => void) => void)
}
type HlsClass = new (settings: object) => Hls

/** From one picture to the next, when that took longer than it should. All moments are in ms since 1970. */
export type Gap = { from: number; until: number }

/** From where on bytes came, by which pathway. */
export type Source = { at: number; host: string; pathway: string }

/** What a page tells of its player, since it was asked last. */
export type Glance = {
  at: number
  /** When the newest picture was shown; absent before the first. */
  shownAt?: number
  gaps: Gap[]
  sources: Source[]
  /** After which hls.js itself could not go on. */
  failures: { at: number; details: string }[]
  /** What is loaded beyond the present picture, in seconds. */
  ahead: number
}

declare global {
  interface Window {
    takeGlance: () => Glance
  }
}

/**
 * Runs in the browser before the watch page's own scripts, and sees what they do with hls.js and the video: nothing of it is another
 * for being seen. It is sent as text, so it must hold all that it needs. `behind` makes an ordinary live viewer of him, so many
 * seconds behind the edge.
 */
export function recordViewing({ behind }: { behind: number | undefined }) {
  const GAP_MS = 100
  const kept: Pick<Glance, 'gaps' | 'sources' | 'failures'> = { gaps: [], sources: [], failures: [] }
  const shown: { at?: number } = {}
  const source = { host: '' }
  let plain: HlsClass | undefined

  const watched = (hls: Hls) => {
    hls.on('hlsFragBuffered', (_, { frag, part }) => {
      const { host } = new URL(part?.url ?? frag.url)
      if (host === source.host) return
      source.host = host
      kept.sources.push({ at: Date.now(), host, pathway: hls.levels[frag.level]?.pathwayId ?? '' })
    })
    hls.on('hlsError', (_, { fatal, details }) => {
      if (fatal) kept.failures.push({ at: Date.now(), details })
    })
    return hls
  }
  const settings = behind === undefined ? {} : { lowLatencyMode: false, liveSyncDuration: behind }

  Object.defineProperty(window, 'Hls', {
    get: () =>
      plain &&
      new Proxy(plain, {
        construct: (Plain, [asked]: [object]) => watched(new Plain({ ...asked, ...settings })),
      }),
    set(hls: HlsClass) {
      plain = hls
    },
  })

  const video = () => document.querySelector('video')
  const followFrames = () =>
    video()?.requestVideoFrameCallback(function look(_, { presentationTime }) {
      const at = Math.round(performance.timeOrigin + presentationTime)
      if (shown.at !== undefined && at - shown.at > GAP_MS) kept.gaps.push({ from: shown.at, until: at })
      shown.at = at
      video()?.requestVideoFrameCallback(look)
    })
  document.addEventListener('DOMContentLoaded', followFrames)

  window.takeGlance = () => {
    const { currentTime = 0, buffered } = video() ?? {}
    const ends = Array.from({ length: buffered?.length ?? 0 }, (_, place) => buffered?.end(place) ?? 0)
    const [gaps, sources, failures] = [kept.gaps.splice(0), kept.sources.splice(0), kept.failures.splice(0)]
    return {
      at: Date.now(),
      ...(shown.at === undefined ? {} : { shownAt: shown.at }),
      ...{ gaps, sources, failures },
      ahead: Math.max(0, ...ends.map((end) => end - currentTime)),
    }
  }
}
