// hls.js stands before this as the global `Hls`.
import type HlsClass from 'hls.js'
import type { HlsConfig, LevelUpdatedData, LoadPolicy } from 'hls.js'
import type { Engine, EngineTold } from './engine.ts'
import { type HlsWays, hlsWays, sparingSetup } from './hls-ways.ts'
import type { Kept } from './moment.ts'
import { placeOf, type Quality } from './quality-choice.ts'
import { watchWays } from './watch-ways.ts'

declare const Hls: typeof HlsClass

const REPAIR_AGAIN_MS = 5000

/** With its own policies hls.js waits up to 50 s for a silent node; with these it gives up at the first time-out. watch-ways.ts is sooner still. */
const patience: LoadPolicy['default'] = {
  maxTimeToFirstByteMs: 3000,
  maxLoadTimeMs: 5000,
  timeoutRetry: { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 1, retryDelayMs: 200, maxRetryDelayMs: 500 },
}
/** liveSyncDuration and its count stay unset, or they would overrule the playlist's own PART-HOLD-BACK. */
export const settings: Partial<HlsConfig> = {
  manifestLoadPolicy: { default: { ...patience, maxTimeToFirstByteMs: 4000 } },
  // One that hangs while it is waited for is asked for once more as it stands: hls.js would bar the whole way for five minutes.
  playlistLoadPolicy: {
    default: { ...patience, timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 } },
  },
  // After a failure that it does not try again hls.js asks no sooner than in five minutes.
  steeringManifestLoadPolicy: {
    default: {
      ...patience,
      timeoutRetry: { maxNumRetry: 1000, retryDelayMs: 1000, maxRetryDelayMs: 10_000 },
      errorRetry: { maxNumRetry: 1000, retryDelayMs: 1000, maxRetryDelayMs: 10_000 },
    },
  },
  fragLoadPolicy: { default: { ...patience, maxTimeToFirstByteMs: 2500, maxLoadTimeMs: 8000 } },
  maxLiveSyncPlaybackRate: 1.1, // without it a viewer who once fell behind stays behind
  liveSyncOnStallIncrease: 0, // with it each stall moves the target away for good
  preserveManualLevelOnError: true, // a choice is a choice; recovery brings it back
  capLevelToPlayerSize: true, // the node's uplink is what runs out first
  // No backBufferLength: whenever hls.js takes away what is behind, it forgets which parts of the growing segment it has
  // (fragment-tracker.ts, detectEvictedFragments, 1.7.4), stalls, and loses the edge. Browsers make room by themselves.
  enableInterstitialPlayback: false, // there are none, and its controller presses play by itself when a source comes
}

export const canPlayHls = (): boolean => Hls.isSupported()

/** One hls.js per source: after a failure nothing is left of the old one's states and penalties but its measure of the line. */
export function openHls(video: HTMLVideoElement, told: EngineTold): Engine {
  let hls: HlsClass | undefined
  let chosen: number | undefined
  let captionsWanted: boolean | undefined
  let repairedAt = Number.NEGATIVE_INFINITY
  const watch = watchWays({ ...told, wanted: () => !video.paused && !video.ended })
  const xhrSetup = sparingSetup(watch.spared)
  let ways: HlsWays | undefined

  function load(url: string) {
    const estimate = hls?.bandwidthEstimate
    hls?.destroy()
    hls = new Hls({ ...settings, xhrSetup, ...(estimate && { abrEwmaDefaultEstimate: estimate }) })
    listen(hls)
    ways = hlsWays(hls, watch)
    watch.follow(ways)
    hls.loadSource(url)
    hls.attachMedia(video)
  }

  function listen(next: HlsClass) {
    next.on(Hls.Events.MANIFEST_PARSED, () => {
      next.loadLevel = placeOf(chosen, next.levels)
    })
    next.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, applyCaptions)
    next.on(Hls.Events.FRAG_BUFFERED, told.arrived)
    next.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => keepPosition(video, details))
    next.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (fatal && type === Hls.ErrorTypes.NETWORK_ERROR) watch.gaveUp()
      if (fatal) repair(next, type === Hls.ErrorTypes.MEDIA_ERROR)
    })
  }

  /** A decoder that stumbled: the bytes are still good. When it stumbles again at once, they are not. */
  function repair(broken: HlsClass, decoder: boolean) {
    const now = performance.now()
    if (!decoder || now - repairedAt < REPAIR_AGAIN_MS) return told.failed()
    repairedAt = now
    broken.recoverMediaError()
  }

  function applyCaptions() {
    if (hls && captionsWanted !== undefined) hls.subtitleTrack = captionsWanted ? 0 : -1
  }

  return {
    load,
    edge: () => hls?.liveSyncPosition ?? undefined,
    delay() {
      if (!hls?.latestLevelDetails?.live) return undefined
      return {
        behindEdge: hls.latency,
        target: hls.targetLatency ?? undefined,
        segment: hls.latestLevelDetails.targetduration,
        takenAt: hls.playingDate?.getTime(),
      }
    },
    kept: () => hls && keptBy(hls),
    qualities: () => (hls?.levels ?? []).map(qualityOf),
    playing() {
      const level = hls?.levels[hls.currentLevel]
      return level && qualityOf(level)
    },
    choose(height) {
      chosen = height
      if (hls) hls.nextLevel = placeOf(chosen, hls.levels)
    },
    pathway: () => ways?.present(),
    spared: watch.spared,
    captions() {
      if (!hls?.subtitleTracks.length) return 'none'
      return hls.subtitleTrack < 0 ? 'hidden' : 'shown'
    },
    showCaptions(shown) {
      captionsWanted = shown
      applyCaptions()
    },
  }
}

function keptBy({ latestLevelDetails: details }: HlsClass): Kept | undefined {
  const first = details?.fragments[0]
  if (!details || !first?.programDateTime) return undefined
  return { start: first.start, end: details.edge, startsAt: first.programDateTime }
}

const qualityOf = ({ height, bitrate }: Quality): Quality => ({ height, bitrate })

/**
 * While the encoder is away hls.js sets a picture that has played to the very end back to the hold-back at each reload of the
 * unchanged playlist, and so plays the last seconds over and over (stream-controller.ts, synchronizeToLiveEdge, 1.7.4: the
 * position lies a few milliseconds beyond the edge and counts as outside of the window). Called before it does so.
 */
function keepPosition(video: HTMLVideoElement, { edge, targetduration, live }: LevelUpdatedData['details']) {
  const position = video.currentTime
  if (!live || position < edge - targetduration || position > edge + 1) return
  queueMicrotask(() => {
    if (video.currentTime < position) video.currentTime = position
  })
}
