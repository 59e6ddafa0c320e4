import { expect, test } from 'vitest'
import { readSource, type SourceFrame } from './read-source.ts'
import { MESSAGE } from './rtmp-message.ts'

const SETUP = [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1e, 0xff]
const KEY = [0x17, 1, 0, 0, 80, 7, 7, 7]
const NEXT = [0x27, 1, 0xff, 0xff, 0xd8, 8, 8]

/** What is read of these pictures, 40 ms apart. */
function read(...bodies: number[][]): SourceFrame[] {
  const frames: SourceFrame[] = []
  const take = readSource((frame) => frames.push(frame))
  for (const [at, body] of bodies.entries())
    take({ type: MESSAGE.picture, ms: 40 * at, body: Buffer.from(body) })
  return frames
}

test('pictures are read as they were sent, with how they are coded', () => {
  const [key, next, ...more] = read(SETUP, KEY, NEXT)
  expect(key).toMatchObject({ codecs: 'avc1.64001e', frame: { tick: 40, start: 0.04, key: true } })
  expect([...(key?.frame.data ?? [])]).toEqual([7, 7, 7])
  expect(key?.frame.samples).toMatchObject([{ size: 3, compositionOffset: 80 }])
  expect(next).toMatchObject({ frame: { key: false, samples: [{ size: 2, compositionOffset: -40 }] } })
  expect(more).toEqual([])
})

test('without a setup nothing is known of a picture, and a setup alone is none', () => {
  expect(read(KEY, NEXT)).toEqual([])
  expect(read(SETUP, SETUP)).toEqual([])
})

test('a source may change how it is coded on the way', () => {
  const other = SETUP.with(6, 0x4d)
  expect(read(SETUP, KEY, other, KEY).map(({ codecs }) => codecs)).toEqual(['avc1.64001e', 'avc1.4d001e'])
})

test.each([
  ['another coding', [0x12, 1, 0, 0, 0, 7]],
  ['HEVC as some write it', [0x1c, 1, 0, 0, 0, 7]],
  ['enhanced RTMP, whose low bits say something else', [0x97, 1, 0, 0, 0, 7]],
  ['no byte', []],
  ['one byte', [0x17]],
  ['no picture behind its time', [0x17, 1, 0, 0, 0]],
  ['the end of a sequence', [0x17, 2, 0, 0, 0, 0]],
  ['a command for the player', [0x57, 0]],
])('%s is no picture', (_, body) => {
  expect(read(SETUP, body)).toEqual([])
})

test.each([
  ['that is cut off', SETUP.slice(0, 8)],
  ['of enhanced RTMP', [0x97, ...SETUP.slice(1)]],
])('a setup %s is none', (_, setup) => {
  expect(read(setup, KEY)).toEqual([])
  expect(read(SETUP, setup, KEY)).toMatchObject([{ codecs: 'avc1.64001e' }])
})

test('sound is none of it', () => {
  const frames: SourceFrame[] = []
  const take = readSource((frame) => frames.push(frame))
  for (const body of [SETUP, KEY]) take({ type: MESSAGE.sound, ms: 0, body: Buffer.from(body) })
  expect(frames).toEqual([])
})
