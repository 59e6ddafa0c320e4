import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { takeBoxes } from '../packager/mp4-boxes.ts'
import { readFragment } from '../packager/mp4-fragment.ts'
import { partsPerSegment, slotAt } from '../packager/part-grid.ts'
import { encodeSample, SAMPLE_START } from './encode-test-sample.ts'
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

test.each([
  [60, 2, 333],
  [50, 2, 333],
  [30, 2, 333],
  [25, 2, 333],
  [15, 1, 200],
  [7, 2, 333],
  [24, 3, 500],
  [30, 1, 1000],
  [30, 10, 1000],
])(
  'at %d frames a second, in segments of %d s and parts of %d ms, what is written at once is a part',
  async (frameRate, segmentSeconds, partMs) => {
    const source = { width: 160, height: 90, frameRate, audio: false }
    const plan = planEncoder({ source, ladder: ['v90'], segmentSeconds, partMs })
    const [picture] = await encodeSample(plan, 2.3 * segmentSeconds)
    const written = fragmentsIn(picture ?? Buffer.alloc(0))
    const grid = { ...plan, phase: (written[0]?.start ?? 0) - plan.leadSeconds }
    const first = Math.round(plan.leadSeconds / plan.partSeconds)
    const halfFrame = 0.5 / frameRate
    const slots = written.map(({ start, end }) => [
      slotAt(start + halfFrame, grid),
      slotAt(end - halfFrame, grid),
    ])
    expect(slots).toEqual(written.map((_, at) => [first + at, first + at]))
    expect(written.length).toBeGreaterThan(2 * partsPerSegment(plan) - first)
    const end = SAMPLE_START + 2.3 * segmentSeconds
    expect(written.at(-1)?.end, 'nothing is left behind at the end').toBeGreaterThan(end - 2 / frameRate)
  },
  30_000,
)

/** From when to when what the encoder wrote at once lasts, in seconds of the media clock. */
function fragmentsIn(track: Buffer): { start: number; end: number }[] {
  const moofs = takeBoxes(track).boxes.filter(({ type }) => type === 'moof')
  return moofs.map(({ body }) => {
    const { start, samples } = readFragment(body)
    const ticks = samples.reduce((sum, { duration }) => sum + duration, 0)
    return { start: start / TICKS_PER_SECOND, end: (start + ticks) / TICKS_PER_SECOND }
  })
}

const TICKS_PER_SECOND = 90_000
