import { expect, test } from 'vitest'
import { readProbe } from './probe-pull.ts'

const video = {
  codec_type: 'video',
  width: 1280,
  height: 720,
  avg_frame_rate: '30000/1001',
  r_frame_rate: '30/1',
}
const audio = { codec_type: 'audio', sample_rate: '48000' }
const read = (...streams: object[]) => readProbe(JSON.stringify({ streams }), 'The camera')

test.each([
  [[video, audio], { width: 1280, height: 720, frameRate: 30, audio: true }],
  [[audio, video], { width: 1280, height: 720, frameRate: 30, audio: true }],
  [
    [{ ...video, avg_frame_rate: '0/0', r_frame_rate: '25/1' }],
    { width: 1280, height: 720, frameRate: 25, audio: false },
  ],
  [
    [{ ...video, side_data_list: [{ rotation: -90 }] }],
    { width: 720, height: 1280, frameRate: 30, audio: false },
  ],
  [[video, { ...audio, sample_rate: '0' }], { width: 1280, height: 720, frameRate: 30, audio: false }],
])('%j is understood', (streams, source) => {
  expect(read(...streams)).toEqual({ source })
})

test('a source without a picture is said to have none, and so is the cover of a song', () => {
  const none = { why: 'The camera sends no picture.' }
  expect(read(audio)).toEqual(none)
  expect(read({ ...video, disposition: { attached_pic: 1 } }, audio)).toEqual(none)
  expect(read({ ...video, width: 0 })).toEqual(none)
})

test.each(['', '{', '{}', '{"streams":[]}', '{"streams":7}'])('nothing is made of %j', (output) => {
  expect(readProbe(output, 'The camera')).toBeUndefined()
})
