import { expect, test } from 'vitest'
import { blamesEncoder } from './hardware-failure.ts'

test.each([
  ['[h264_v4l2m2m @ 0x55d1] Could not find a valid device', true],
  ['[h264_vaapi @ 0x55d1] Failed to end picture encode issue: 1 (operation failed)', false],
  ['Device creation failed: -22.', true],
  ['Error while opening encoder for output stream #0:0 - maybe incorrect parameters', true],
  ['rtmp://127.0.0.1:1935/stream/cam: Connection refused', false],
  ['[flv @ 0x55d1] Packet mismatch 10 20', false],
])('%s', (line, blamed) => {
  expect(blamesEncoder('h264_v4l2m2m', ['something else', line])).toBe(blamed)
})
