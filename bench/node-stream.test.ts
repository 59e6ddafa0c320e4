import { expect, test } from 'vitest'
import { renditionsOf } from './node-stream.ts'

test('thumbnails and sound are no renditions', () => {
  const rung = ['-c:v', 'libx264', 'pipe:3']
  const others = ['-c:a', 'aac', 'pipe:5', '-c:v', 'mjpeg', 'pipe:6']
  expect(renditionsOf(['ffmpeg', ...rung, ...rung, ...others])).toBe(2)
  expect(renditionsOf(['ffmpeg', ...rung, ...others.slice(0, 3)])).toBe(1)
})
