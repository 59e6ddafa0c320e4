import { expect, test } from 'vitest'
import type { Source } from '../ladder/ladder-plan.ts'
import { planEncoder } from './encoder-plan.ts'
import { ffmpegArguments } from './ffmpeg-arguments.ts'
import { VideoEncoder } from './video-encoders.ts'

const LADDER = ['v720', 'v480', 'v240']
const source = (width: number, height: number): Source => ({ width, height, frameRate: 30, audio: true })
const order = {
  url: 'rtmp://node/cam',
  source: source(1280, 720),
  ladder: LADDER,
  segmentSeconds: 2,
  partMs: 333,
}

test.each<[string, Source, number, string[], Record<string, string>]>([
  ['all is encoded', source(1280, 720), 0, ['v720', 'v480', 'v240'], {}],
  ['what is shed shows the next', source(1280, 720), 1, ['v480', 'v240'], { v720: 'v480' }],
  ['two that are shed show the same', source(1280, 720), 2, ['v240'], { v720: 'v240', v480: 'v240' }],
  ['the last is never shed', source(1280, 720), 3, ['v240'], { v720: 'v240', v480: 'v240' }],
  ['a source that shrank fills less', source(854, 480), 0, ['v480', 'v240'], { v720: 'v480' }],
  ['and less is left of it', source(854, 480), 1, ['v240'], { v720: 'v240', v480: 'v240' }],
  ['a tiny source fills nothing, and is shown', source(160, 90), 0, ['v240'], { v720: 'v240', v480: 'v240' }],
])('%s', (_, of, shed, encoded, standIns) => {
  const plan = planEncoder({ ...order, source: of, shed })
  expect(plan.ladder).toEqual(LADDER)
  expect(plan.rungs.map(({ id }) => id)).toEqual(encoded)
  expect(plan.tracks.map(({ id }) => id)).toEqual([...encoded, 'audio'])
  expect(plan.standIns).toEqual(standIns)
})

test('a new session has what was ordered, and what the node can do', () => {
  const first = { ...order, ladder: undefined }
  expect(planEncoder({ ...first, qualities: ['720p', '360p'] }).ladder).toEqual(['v720', 'v360'])
  expect(planEncoder({ ...first, pixelsPerSecond: 20e6 }).ladder).toEqual(['v480', 'v240'])
})

test('colours mean the same whether or not the best rung is shed', () => {
  expect(planEncoder({ ...order, shed: 1 }).colours).toBe(planEncoder(order).colours)
})

test.each(VideoEncoder.options)(
  '%s writes every rung to a pipe of its own, then sound, thumbnails and progress',
  (encoder) => {
    const args = ffmpegArguments(planEncoder({ ...order, encoder }))
    expect(args.filter((each) => each.startsWith('pipe:'))).toEqual([
      'pipe:8',
      ...[3, 4, 5, 6, 7].map((at) => `pipe:${at}`),
    ])
    expect(args[args.indexOf('-progress') + 1]).toBe('pipe:8')
    expect(args.filter((each) => each === encoder)).toHaveLength(3)
    const input = args.indexOf('-i')
    expect(args.slice(0, input)).not.toContain('-c:v')
    if (args.includes('-init_hw_device')) expect(args.indexOf('-init_hw_device')).toBeLessThan(input)
  },
)

test('without sound there is no pipe for it', () => {
  const silent = planEncoder({ ...order, source: { ...order.source, audio: false } })
  expect(ffmpegArguments(silent).filter((each) => each.startsWith('pipe:'))).toHaveLength(5)
  expect(silent.tracks.at(-1)).toEqual({ id: 'audio', kind: 'audio' })
})
