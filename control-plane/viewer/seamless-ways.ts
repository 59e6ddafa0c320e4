// hls.js stands before this as the global `Hls`.
import type HlsClass from 'hls.js'
import type { Fragment, LevelDetails, Part } from 'hls.js'

declare const Hls: typeof HlsClass

type Kind = 'video' | 'audio'
type Range = { start: number; end: number }
type Piece = { start: number; end: number; fragment: { sn: number; start: number; duration: number } }
/** A way that is taken, and the newest segment of which something had come by then. */
type Taken = { way: string | undefined; newest: number }
type Appended = { sn: number; variant: string | undefined; init: Fragment | null }

/** Playlists count in hundredths and thousandths, media in its own clock; no part is as short as this. */
const ROUNDED_S = 0.01

/**
 * Tells hls.js (1.7.4), when it has taken another way, what it has of the segments there: they are the same to the byte. By itself
 * it knows of whole segments alone, and of each part in a new playlist it believes that it is still to be loaded. Where a segment ends
 * a thousandth behind what is buffered it then stays with that segment and loads nothing until the next is whole
 * (base-stream-controller.ts, getFragmentAtPosition). And one that is half played it loads from its beginning: a browser whose
 * pictures are overwritten while it shows them shows the next after the next key frame.
 */
export function goOnSeamlessly(hls: HlsClass) {
  const buffers: Partial<Record<Kind, { buffered: TimeRanges } | undefined>> = {}
  const appended: Partial<Record<Kind, Appended>> = {}
  const taken: Partial<Record<Kind, Taken>> = {}

  const variantOf = (level: number) => hls.levels[level]?.attrs['STABLE-VARIANT-ID']

  function tell(kind: Kind, way: string | undefined, { partList, endSN }: LevelDetails, goesOn: boolean) {
    const before = taken[kind]
    const now = before?.way === way && before ? before : { way, newest: appended[kind]?.sn ?? -1 }
    taken[kind] = now
    if (!before || !partList) return
    // What is begun is gone on with in the picture that it was begun in; in another it is loaded anew, and told of once it is whole.
    const whole = !goesOn || now === before
    const old = partList.filter(
      ({ fragment: { sn } }) => sn <= Math.min(now.newest, whole ? endSN : now.newest),
    )
    for (const part of buffered(old, rangesOf(buffers[kind]?.buffered), { whole }))
      part.elementaryStreams[kind] ??= timesOf(part)
  }

  hls.on(Hls.Events.BUFFER_CREATED, (_, { tracks }) => {
    for (const kind of ['video', 'audio'] as const) buffers[kind] = tracks[kind]?.buffer ?? buffers[kind]
  })
  hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => {
    if (frag.sn === 'initSegment' || frag.type === 'subtitle') return
    const kind = frag.type === 'main' ? 'video' : 'audio'
    appended[kind] = { sn: frag.sn, variant: variantOf(frag.level), init: frag.initSegment }
  })
  // It may have gone to a smaller picture when a playlist could not be loaded, just before it took another way.
  hls.on(Hls.Events.LEVEL_SWITCHING, (_, { attrs }) => {
    const wanted = appended.video?.variant
    if (!wanted || attrs['PATHWAY-ID'] === taken.video?.way || attrs['STABLE-VARIANT-ID'] === wanted) return
    queueMicrotask(() => {
      const kept = hls.levels.findIndex((_level, at) => variantOf(at) === wanted)
      if (kept >= 0 && hls.autoLevelEnabled) hls.nextLoadLevel = kept
    })
  })
  // Both are told before hls.js decides what it loads next.
  hls.on(Hls.Events.LEVEL_UPDATED, (_, { level, details }) => {
    const { variant, init } = appended.video ?? {}
    const goesOn = variant !== undefined && variant === variantOf(level)
    if (goesOn) keepInit(details, init)
    tell('video', hls.levels[level]?.attrs['PATHWAY-ID'], details, goesOn)
  })
  hls.on(Hls.Events.AUDIO_TRACK_UPDATED, (_, { groupId, details }) => tell('audio', groupId, details, true))
}

/** With another object hls.js would hand the browser the same beginning again, and then it waits for a key frame. */
function keepInit({ fragments, fragmentHint }: LevelDetails, init: Fragment | null | undefined) {
  if (!init) return
  const { pathname } = new URL(init.url)
  for (const fragment of [...fragments, ...(fragmentHint ? [fragmentHint] : [])])
    if (fragment.initSegment && new URL(fragment.initSegment.url).pathname === pathname)
      fragment.initSegment = init
}

/** The parts that are buffered; `whole`: with the whole of their segment. */
export const buffered = <Each extends Piece>(parts: Each[], ranges: Range[], { whole }: { whole: boolean }) =>
  parts.filter(({ start, end, fragment }) => {
    const piece = whole ? { start: fragment.start, end: fragment.start + fragment.duration } : { start, end }
    return ranges.some(
      (range) => range.start <= piece.start + ROUNDED_S && piece.end <= range.end + ROUNDED_S,
    )
  })

const timesOf = ({ start, end }: Part) => ({ startPTS: start, endPTS: end, startDTS: start, endDTS: end })

const rangesOf = (ranges?: TimeRanges): Range[] =>
  Array.from({ length: ranges?.length ?? 0 }, (_, at) => ({
    start: ranges?.start(at) ?? 0,
    end: ranges?.end(at) ?? 0,
  }))
