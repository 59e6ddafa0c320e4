import { findBox, needBox, takeBoxes } from './mp4-boxes.ts'

/** What an init segment says of its one track. `timescale` in units per second, `codecs` as RFC 6381 writes it. */
export type TrackInit = { timescale: number; codecs: string; width?: number; height?: number }

/** mp4a: 28 bytes of sample entry before its boxes; avc1: 78. */
const AUDIO_ENTRY_BYTES = 28
const VIDEO_ENTRY_BYTES = 78

/** Reads the body of a `moov`. */
export function readInit(moov: Buffer): TrackInit {
  const timescale = readTimescale(needBox(moov, 'trak/mdia/mdhd'))
  const [entry] = takeBoxes(needBox(moov, 'trak/mdia/minf/stbl/stsd').subarray(8)).boxes
  if (entry?.type === 'avc1') return { timescale, ...readVideo(entry.body) }
  if (entry?.type === 'mp4a') return { timescale, codecs: readAudioCodecs(entry.body) }
  throw new Error(`The encoder wrote a track of the kind ${entry?.type}.`)
}

function readTimescale(mdhd: Buffer): number {
  return mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12)
}

function readVideo(entry: Buffer) {
  const avcC = needBox(entry.subarray(VIDEO_ENTRY_BYTES), 'avcC')
  return {
    codecs: `avc1.${avcC.toString('hex', 1, 4)}`, // profile, compatibility, level
    width: entry.readUInt16BE(24),
    height: entry.readUInt16BE(26),
  }
}

function readAudioCodecs(entry: Buffer): string {
  const esds = findBox(entry.subarray(AUDIO_ENTRY_BYTES), 'esds')
  if (!esds) throw new Error('The encoder wrote audio without a description.')
  const config = descriptor(esds.subarray(4), 0x03)?.subarray(3) // past the id and flags of the stream
  const decoder = config && descriptor(config, 0x04)
  const specific = decoder && descriptor(decoder.subarray(13), 0x05)
  if (!decoder || !specific) throw new Error('The encoder wrote audio without a configuration.')
  return `mp4a.${byte(decoder, 0).toString(16)}.${audioObjectType(specific)}`
}

/** MPEG-4 descriptors: a tag, a length in groups of seven bits, the content. */
function descriptor(bytes: Buffer, tag: number): Buffer | undefined {
  if (bytes[0] !== tag) return undefined
  let length = 0
  let at = 1
  for (let more = true; more; at++) {
    length = length * 128 + (byte(bytes, at) & 0x7f)
    more = byte(bytes, at) > 0x7f
  }
  return bytes.subarray(at, at + length)
}

/** Five bits; 31 says that the true one follows in the next six. */
function audioObjectType(specific: Buffer): number {
  const first = byte(specific, 0) >> 3
  return first === 31 ? 32 + ((specific.readUInt16BE(0) >> 5) & 0x3f) : first
}

function byte(bytes: Buffer, at: number): number {
  return bytes.readUInt8(at)
}
