import { createHash } from 'node:crypto'
import { type Box, takeBoxes } from './mp4-boxes.ts'
import { isKeyFrame, readFragment } from './mp4-fragment.ts'
import { readInit, type TrackInit } from './mp4-init.ts'
import type { Fragment } from './part-grid.ts'

/** The init segment of a track: what it says, and its bytes under a name drawn from them. */
export type Init = TrackInit & { file: string; bytes: Buffer }

/** Turns what the encoder writes into one pipe, in whatever pieces it comes, into the track's init segment and its fragments. */
export function readTrack(take: (fragment: Fragment) => void) {
  let rest: Buffer = Buffer.alloc(0)
  let header: Buffer[] = []
  let init: Init | undefined
  let moof: Box | undefined

  function handle(box: Box) {
    if (box.type === 'ftyp') header = [box.bytes]
    if (box.type === 'moov') init = initOf(box, Buffer.concat([...header, box.bytes]))
    if (box.type === 'moof') moof = box
    if (box.type === 'mdat' && moof && init) framesOf(moof, box, init.timescale).forEach(take)
  }

  return {
    read(chunk: Buffer) {
      const taken = takeBoxes(rest.length ? Buffer.concat([rest, chunk]) : chunk)
      rest = taken.rest
      taken.boxes.forEach(handle)
    },
    init: () => init,
  }
}

function initOf(moov: Box, bytes: Buffer): Init {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return { ...readInit(moov.body), bytes, file: `init-${hash}.mp4` }
}

/** Frame by frame: how many of them the encoder wrote at once is its own affair. */
function framesOf(moof: Box, mdat: Box, timescale: number): Fragment[] {
  const { start, samples } = readFragment(moof.body)
  let [tick, at] = [start, 0]
  return samples.map((sample) => {
    const frame = {
      start: tick / timescale,
      duration: sample.duration / timescale,
      key: isKeyFrame(sample),
      tick,
      samples: [sample],
      data: mdat.body.subarray(at, at + sample.size),
    }
    tick += sample.duration
    at += sample.size
    return frame
  })
}
