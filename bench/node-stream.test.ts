import { expect, test } from 'vitest'
import { renditionsOf } from './node-stream.ts'

test('thumbnails, sound and the source as it is are no renditions', () => {
  const rung = ['-c:v', 'libx264', 'pipe:3']
  const others = ['-c:a', 'aac', 'pipe:5', '-c:v', 'copy', 'pipe:6', '-c:v', 'mjpeg', 'pipe:7']
  expect(renditionsOf(['ffmpeg', ...rung, ...rung, ...others])).toBe(2)
  expect(renditionsOf(['ffmpeg', ...rung, ...others.slice(0, 3)])).toBe(1)
})
