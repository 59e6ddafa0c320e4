// dash.js stands before this as the global `dashjs`.
import type * as DashJs from 'dashjs'
import type { MediaPlayerClass, MediaPlayerSettingClass, Representation } from 'dashjs'
import type { Engine, EngineTold } from './engine.ts'
import type { PlayerWords } from './player-words.ts'
import { placeOf, type Quality } from './quality-choice.ts'

declare const dashjs: typeof DashJs

/** How far behind the source to stay, and how fast to catch up, says the manifest. */
const settings: MediaPlayerSettingClass = {
  debug: { logLevel: 0 },
  streaming: {
    buffer: { bufferToKeep: 60 },
    abr: { limitBitrateByPortal: true }, // the node's uplink is what runs out first
    retryIntervals: { MPD: 500 },
    utcSynchronization: { timeBetweenSyncAttempts: 30 },
  },
}

/** Low-latency DASH. The manifest lies beside the playlist, under the same names on every pathway. */
export function openDash(video: HTMLVideoElement, told: EngineTold, words: PlayerWords): Engine {
  let player: MediaPlayerClass | undefined
  let chosen: number | undefined
  let trouble = canPlayDash() ? '' : words.noDash

  function load(playlist: string) {
    if (!canPlayDash()) return
    player?.destroy()
    const next = dashjs.MediaPlayer().create()
    player = next
    next.updateSettings(settings)
    next.on(dashjs.MediaPlayer.events.ERROR, () => {
      if (next === player) told.failed()
    })
    next.on(dashjs.MediaPlayer.events.FRAGMENT_LOADING_COMPLETED, told.arrived)
    next.on(dashjs.MediaPlayer.events.STREAM_INITIALIZED, () => choose(chosen))
    const manifest = new URL('manifest.mpd', playlist).href
    next.initialize(video, manifest, false)
    void isMissing(manifest).then((missing) => {
      trouble = missing ? words.notAsDash : ''
    })
  }

  function choose(height: number | undefined) {
    chosen = height
    const all = player?.getRepresentationsByType('video') ?? []
    const representation = all[placeOf(chosen, all.map(qualityOf))]
    player?.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: !representation } } } })
    if (representation) player?.setRepresentationForTypeById('video', representation.id, true)
  }

  /** Absent until the picture has begun: dash.js knows no time before. */
  const delay = () => {
    const behindEdge = player?.isReady() ? player.getCurrentLiveLatency() : Number.NaN
    if (!player || !(behindEdge > 0)) return undefined
    const segment = player.getCurrentRepresentationForType('video')?.fragmentDuration ?? undefined
    return { behindEdge, target: player.getTargetLiveDelay(), segment }
  }

  return {
    load,
    trouble: () => trouble,
    edge() {
      const now = delay()
      return now && video.currentTime + now.behindEdge - now.target
    },
    delay,
    qualities: () => (player?.isReady() ? player.getRepresentationsByType('video').map(qualityOf) : []),
    playing() {
      const shown = player?.isReady() ? player.getCurrentRepresentationForType('video') : undefined
      return shown ? qualityOf(shown) : undefined
    },
    choose,
    captions: () => 'none',
    showCaptions: () => {},
  }
}

const canPlayDash = () => 'MediaSource' in window || 'ManagedMediaSource' in window

const qualityOf = ({ height, bandwidth }: Representation): Quality => ({ height, bitrate: bandwidth })

/** Whoever answers and has no manifest does not send this stream as DASH. */
async function isMissing(manifest: string): Promise<boolean> {
  const answer = await fetch(manifest, { method: 'HEAD' }).catch(() => undefined)
  return answer?.status === 404
}
