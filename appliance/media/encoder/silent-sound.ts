import { joinFragments } from '../packager/join-fragments.ts'
import { readTrack } from '../packager/track-reader.ts'
import { box } from '../packager/write-boxes.ts'

const SAMPLES_PER_SECOND = 48_000
const SAMPLES_PER_FRAME = 1024
/** What ffmpeg's AAC encoder makes of a stereo frame of zeros. */
const SILENT_FRAME = '211004608c1c'

/**
 * Sound for a source that has none: reads what the encoder writes of the pictures, and hands on a track of silence that
 * is always a little ahead of them. ffmpeg could make silence only from a second input, which neither starts where the
 * source's clock is nor ends with it. Frame n begins at n·1024 samples of that clock, so that all copies of a source agree.
 */
export function silentSound(take: (chunk: Buffer) => void): (pictures: Buffer) => void {
  let next: number | undefined
  const reader = readTrack(({ start, duration }) => {
    if (next === undefined) take(HEADER)
    // A hole in the pictures is one in the silence: the packager judges both alike.
    next = Math.max(next ?? 0, frameAt(start))
    for (; next <= frameAt(start + duration); next++) take(frame(next))
  })
  return reader.read
}

function frameAt(seconds: number): number {
  return Math.floor((seconds * SAMPLES_PER_SECOND) / SAMPLES_PER_FRAME)
}

const SYNC_SAMPLE = 0x02000000

function frame(number: number): Buffer {
  const data = Buffer.from(SILENT_FRAME, 'hex')
  const sample = { duration: SAMPLES_PER_FRAME, size: data.length, flags: SYNC_SAMPLE, compositionOffset: 0 }
  const fragment = { tick: number * SAMPLES_PER_FRAME, samples: [sample], data }
  return Buffer.concat(joinFragments([fragment], number + 1))
}

const UNROTATED = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]
/** MPEG-4 descriptors of a stream of AAC-LC, 48 kHz, stereo. */
const AAC = ['0319000100', '0411', '4015000000', '00000bb8', '00000bb8', '05021190', '060102'].join('')
const HEADER = Buffer.concat([box('ftyp', ascii('iso6'), 512, ascii('iso6cmfcmp41')), movie()])

function movie(): Buffer {
  const entry = box('mp4a', 0, 1, 0, 0, 0x00_02_00_10, 0, 'bb800000', box('esds', 0, AAC))
  const noSamples = ['stts', 'stsc', 'stco'].map((type) => box(type, 0, 0))
  const stbl = box('stbl', box('stsd', 0, 1, entry), ...noSamples, box('stsz', 0, 0, 0))
  const dinf = box('dinf', box('dref', 0, 1, box('url ', 1)))
  const minf = box('minf', box('smhd', 0, 0), dinf, stbl)
  const mdhd = box('mdhd', 0, 0, 0, SAMPLES_PER_SECOND, 0, '55c40000')
  const mdia = box('mdia', mdhd, box('hdlr', 0, 0, ascii('soun'), 0, 0, 0, '00'), minf)
  const tkhd = box('tkhd', 3, 0, 0, 1, 0, 0, 0, 0, 1, 0x01000000, ...UNROTATED, 0, 0)
  const mvhd = box('mvhd', 0, 0, 0, 1000, 0, 0x10000, 0x01000000, 0, 0, ...UNROTATED, 0, 0, 0, 0, 0, 0, 2)
  return box('moov', mvhd, box('trak', tkhd, mdia), box('mvex', box('trex', 0, 1, 1, 0, 0, 0)))
}

function ascii(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex')
}
