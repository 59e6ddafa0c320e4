import type { Sample } from './mp4-fragment.ts'
import type { Fragment } from './part-grid.ts'
import { box, boxHeader, long } from './write-boxes.ts'

/**
 * One movie fragment (`moof` + `mdat`) of fragments that follow each other without a gap: a part as players download it.
 * They are frames; written one by one, each frame of sound would cost half its size again.
 */
export function joinFragments(
  fragments: Pick<Fragment, 'tick' | 'samples' | 'data'>[],
  sequence: number,
): Buffer[] {
  const [first] = fragments
  if (!first) return []
  const samples = fragments.flatMap((fragment) => fragment.samples)
  const data = fragments.map((fragment) => fragment.data)
  const withOffset = (dataOffset: number) =>
    box('moof', box('mfhd', 0, sequence), trackFragment(first.tick, samples, dataOffset))
  const moof = withOffset(withOffset(0).length + MDAT_HEADER_BYTES)
  const dataBytes = data.reduce((sum, piece) => sum + piece.length, 0)
  return [moof, boxHeader('mdat', dataBytes), ...data]
}

const MDAT_HEADER_BYTES = 8
const BASE_IS_MOOF = 0x020000
/** ffmpeg numbers the only track of a file so. */
const TRACK = 1

/** What all samples have in common is said once. */
function trackFragment(tick: number, samples: Sample[], dataOffset: number): Buffer {
  const common = (key: 'duration' | 'flags') => {
    const [first] = samples
    return first && samples.every((sample) => sample[key] === first[key]) ? first[key] : undefined
  }
  const [duration, flags] = [common('duration'), common('flags')]
  const reordered = samples.some(({ compositionOffset }) => compositionOffset !== 0)
  const tfhdFlags = BASE_IS_MOOF | (duration === undefined ? 0 : 0x08) | (flags === undefined ? 0 : 0x20)
  const trunFlags =
    0x01 |
    (duration === undefined ? 0x100 : 0) |
    0x200 |
    (flags === undefined ? 0x400 : 0) |
    (reordered ? 0x800 : 0)
  const rows = samples.map((sample) => [
    ...(duration === undefined ? [sample.duration] : []),
    sample.size,
    ...(flags === undefined ? [sample.flags] : []),
    ...(reordered ? [sample.compositionOffset] : []),
  ])
  const defaults = [duration, flags].filter((value) => value !== undefined)
  return box(
    'traf',
    box('tfhd', tfhdFlags, TRACK, ...defaults),
    box('tfdt', VERSION_1, long(tick)),
    box('trun', VERSION_1 | trunFlags, samples.length, dataOffset, ...rows.flat()),
  )
}

const VERSION_1 = 0x01000000
