import { needBox, takeBoxes } from './mp4-boxes.ts'

/** One frame of a fragment, as its `trun` tells of it: times in units of the track's timescale. */
export type Sample = { duration: number; size: number; flags: number; compositionOffset: number }
/** A movie fragment's own account of itself, in units of its track's timescale. */
type FragmentHeader = { start: number; samples: Sample[] }

const NOT_A_KEY_FRAME = 0x10000 // sample_is_non_sync_sample

/** Reads the body of a `moof` with one track. */
export function readFragment(moof: Buffer): FragmentHeader {
  const traf = needBox(moof, 'traf')
  const defaults = readDefaults(needBox(traf, 'tfhd'))
  const runs = takeBoxes(traf).boxes.filter((box) => box.type === 'trun')
  return {
    start: readStart(needBox(traf, 'tfdt')),
    samples: runs.flatMap((run) => readRun(run.body, defaults)),
  }
}

export function isKeyFrame({ flags }: Sample): boolean {
  return (flags & NOT_A_KEY_FRAME) === 0
}

/** Signed, though the standard says otherwise: an audio encoder begins a little before a source that begins at zero. */
function readStart(tfdt: Buffer): number {
  return tfdt[0] === 1 ? Number(tfdt.readBigInt64BE(4)) : tfdt.readUInt32BE(4)
}

type Defaults = { duration: number; size: number; flags: number }

/** Reads fields in the order of ISO 14496-12, each there only when its flag says so. */
function fields(body: Buffer, at: number) {
  const present = body.readUInt32BE(0)
  let next = at
  return {
    field(flag: number, bytes = 4): number | undefined {
      if (!(present & flag)) return undefined
      next += bytes
      return bytes === 4 ? body.readUInt32BE(next - 4) : 0
    },
    position: () => next,
  }
}

function readDefaults(tfhd: Buffer): Defaults {
  const { field } = fields(tfhd, 8)
  field(0x01, 8) // base data offset
  field(0x02) // sample description
  return { duration: field(0x08) ?? 0, size: field(0x10) ?? 0, flags: field(0x20) ?? 0 }
}

function readRun(trun: Buffer, defaults: Defaults): Sample[] {
  const header = fields(trun, 8)
  header.field(0x01) // data offset
  const flagsOfFirst = header.field(0x04)
  let at = header.position()
  return Array.from({ length: trun.readUInt32BE(4) }, (_, number) => {
    const { field, position } = fields(trun, at)
    const duration = field(0x100) ?? defaults.duration
    const size = field(0x200) ?? defaults.size
    const told = field(0x400)
    const flags = (number === 0 ? flagsOfFirst : undefined) ?? told ?? defaults.flags
    const compositionOffset = (field(0x800) ?? 0) | 0 // signed in version 1, and never so large in version 0
    at = position()
    return { duration, size, flags, compositionOffset }
  })
}
