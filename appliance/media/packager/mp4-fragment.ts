import { needBox, takeBoxes } from './mp4-boxes.ts'

/** A movie fragment's own account of itself, in units of its track's timescale. */
type FragmentHeader = { start: number; duration: number; key: boolean }

const NOT_A_KEY_FRAME = 0x10000 // sample_is_non_sync_sample

/** Reads the body of a `moof` with one track. */
export function readFragment(moof: Buffer): FragmentHeader {
  const traf = needBox(moof, 'traf')
  const defaults = readDefaults(needBox(traf, 'tfhd'))
  const runs = takeBoxes(traf).boxes.filter((box) => box.type === 'trun')
  const samples = runs.map((run) => readRun(run.body, defaults))
  return {
    start: readStart(needBox(traf, 'tfdt')),
    duration: samples.reduce((sum, run) => sum + run.duration, 0),
    key: (samples[0]?.firstFlags ?? NOT_A_KEY_FRAME) % (2 * NOT_A_KEY_FRAME) < NOT_A_KEY_FRAME,
  }
}

/** Signed, though the standard says otherwise: an audio encoder begins a little before a source that begins at zero. */
function readStart(tfdt: Buffer): number {
  return tfdt[0] === 1 ? Number(tfdt.readBigInt64BE(4)) : tfdt.readUInt32BE(4)
}

type Defaults = { duration: number; flags: number }

/** Reads fields in the order of ISO 14496-12, each there only when its flag says so. */
function fields(body: Buffer, at: number) {
  const flags = body.readUInt32BE(0)
  let next = at
  return (flag: number, bytes = 4): number | undefined => {
    if (!(flags & flag)) return undefined
    next += bytes
    return bytes === 4 ? body.readUInt32BE(next - 4) : 0
  }
}

function readDefaults(tfhd: Buffer): Defaults {
  const field = fields(tfhd, 8)
  field(0x01, 8) // base data offset
  field(0x02) // sample description
  const duration = field(0x08) ?? 0
  field(0x10) // size
  return { duration, flags: field(0x20) ?? 0 }
}

function readRun(trun: Buffer, defaults: Defaults) {
  const header = fields(trun, 8)
  header(0x01) // data offset
  const firstOfRun = header(0x04)
  let at = 8 + (trun.readUInt32BE(0) & 0x01 ? 4 : 0) + (firstOfRun === undefined ? 0 : 4)
  const sampleBytes = 4 * bitsSet((trun.readUInt32BE(0) >> 8) & 0x0f)
  let duration = 0
  let firstFlags = firstOfRun
  for (let sample = trun.readUInt32BE(4); sample > 0; sample--, at += sampleBytes) {
    const field = fields(trun, at)
    duration += field(0x100) ?? defaults.duration
    field(0x200) // size
    firstFlags ??= field(0x400) ?? defaults.flags
  }
  return { duration, firstFlags }
}

function bitsSet(number: number): number {
  return number.toString(2).replaceAll('0', '').length
}
