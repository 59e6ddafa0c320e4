import { expect, test } from 'vitest'
import { type Progress, readProgress } from './read-progress.ts'

const BLOCK = `frame=46
fps=30.34
stream_0_0_q=20.0
bitrate=N/A
out_time_us=1000000
out_time=00:00:01.000000
dup_frames=3
drop_frames=2
speed=0.659x
progress=continue
`

test('a block is read when it is whole, in whatever pieces it comes', () => {
  for (const size of [1, 7, 1000]) {
    const taken = read(BLOCK.repeat(2).match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [])
    expect(taken).toEqual(Array(2).fill({ mediaSeconds: 1, frames: 46, droppedFrames: 2, repeatedFrames: 3 }))
  }
})

test.each(['N/A', '-9223372036854775807', ''])(
  'an encoder that has written nothing (%s) is nowhere',
  (time) => {
    const [progress] = read([`frame=0\nout_time_us=${time}\nprogress=continue\n`])
    expect(progress).toEqual({ mediaSeconds: 0, frames: 0, droppedFrames: 0, repeatedFrames: 0 })
  },
)

function read(pieces: string[]) {
  const taken: Progress[] = []
  const reader = readProgress((progress) => taken.push(progress))
  for (const piece of pieces) reader(Buffer.from(piece))
  return taken
}
