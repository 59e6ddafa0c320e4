import type { Sample } from './mp4-fragment.ts'
import type { Fragment } from './part-grid.ts'

/**
 * One movie fragment (`moof` + `mdat`) of fragments that follow each other without a gap: a part as players download it.
 * The encoder writes a fragment per frame so that nothing waits; kept so, each frame of sound would cost half its size again.
 */
export function joinFragments(fragments: Fragment[], sequence: number): Buffer[] {
  const [first] = fragments
  if (!first) return []
  const samples = fragments.flatMap((fragment) => fragment.samples)
  const data = fragments.map((fragment) => fragment.data)
  const withOffset = (dataOffset: number) =>
    box('moof', box('mfhd', words(0, sequence)), trackFragment(first.tick, samples, dataOffset))
  const moof = withOffset(withOffset(0).length + MDAT_HEADER_BYTES)
  const dataBytes = data.reduce((sum, piece) => sum + piece.length, 0)
  return [moof, words(dataBytes + MDAT_HEADER_BYTES), Buffer.from('mdat', 'latin1'), ...data]
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
    box('tfhd', words(tfhdFlags, TRACK, ...defaults)),
    box('tfdt', Buffer.concat([words(VERSION_1), long(tick)])),
    box('trun', words(VERSION_1 | trunFlags, samples.length, dataOffset, ...rows.flat())),
  )
}

const VERSION_1 = 0x01000000

function box(type: string, ...content: Buffer[]): Buffer {
  const size = content.reduce((sum, piece) => sum + piece.length, 8)
  return Buffer.concat([words(size), Buffer.from(type, 'latin1'), ...content])
}

/** 32 bits each, the most significant first; negative ones as two's complement. */
function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, at * 4)
  return bytes
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}
