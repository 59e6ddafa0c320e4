import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { encodeSample } from './encode-test-sample.ts'
import { planEncoder } from './encoder-plan.ts'

test('a player that reads only the first init segment goes on when the next run has another size', async () => {
  const source = { width: 320, height: 180, frameRate: 25, audio: false }
  const plan = planEncoder({ source, ladder: ['v180', 'v90'], segmentSeconds: 1, partMs: 333 })
  const [large, small] = await encodeSample(plan, 2)
  expect(small?.length).toBeGreaterThan(1000)
  const player = spawn('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'frame=width', '-'])
  player.stdin.end(Buffer.concat([large ?? Buffer.alloc(0), small ?? Buffer.alloc(0)]))
  const [shown, said] = await Promise.all([text(player.stdout), text(player.stderr)])
  const widths = [...shown.matchAll(/width=(\d+)/g)].map(([, width]) => Number(width))
  expect(widths.slice(0, 50)).toEqual(Array(50).fill(320))
  expect(widths.slice(50).length).toBeGreaterThan(40) // it stumbles over what it skips
  expect(new Set(widths.slice(50))).toEqual(new Set([160]))
  expect(said).not.toMatch(/corrupt|error/i)
}, 30_000)
