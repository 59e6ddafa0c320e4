import { expect, test } from 'vitest'
import type { Source } from '../ladder/ladder-plan.ts'
import type { SourceHabits } from '../ladder/source-habits.ts'
import { planEncoder } from './encoder-plan.ts'
import { ffmpegArguments } from './ffmpeg-arguments.ts'
import { VideoEncoder } from './video-encoders.ts'

const LADDER = ['v720', 'v480', 'v240']
const source = (width: number, height: number): Source => ({ width, height, frameRate: 30, audio: true })
const order = {
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

const seen: Source = { ...source(1280, 720), codec: 'H264' }
const habits: SourceHabits = {
  ...{ width: 1280, height: 720, frameRate: 30, audio: true, codecs: 'avc1.64001f' },
  ...{ keyFrameEvery: 60, bitsPerSecond: 2_500_000, steadySeconds: 10 },
}

test.each<[string, number, string[], Record<string, string>]>([
  ['costs nothing', 0, ['v480', 'v240'], {}],
  ['stays when the costliest of the others is shed', 1, ['v240'], { v480: 'v240' }],
  ['stays above the smallest, which is never shed', 2, ['v240'], { v480: 'v240' }],
])('a rung that is copied %s', (_, shed, encoded, standIns) => {
  const plan = planEncoder({ ...order, source: seen, habits, shed })
  expect([plan.copied?.id, plan.rungs.map(({ id }) => id), plan.standIns]).toEqual([
    'v720',
    encoded,
    standIns,
  ])
  expect(plan.sheddable).toEqual(['v480', 'v240'])
  expect(plan.tracks).toEqual([
    { id: 'v720', kind: 'video', copied: { frameRate: 30, mostBitsPerSecond: 3_750_000 } },
    ...encoded.map((id) => ({ id, kind: 'video' })),
    { id: 'audio', kind: 'audio' },
  ])
})

test.each<[string, Partial<Parameters<typeof planEncoder>[0]>]>([
  ['was not seen before', { habits: undefined }],
  ['is pulled', { source: source(1280, 720) }],
  ['is larger than the best rung of its session', { ladder: ['v480', 'v240'] }],
  ['is not to be shown in its own size', { ladder: undefined, qualities: ['480p', '240p'] }],
  ['is smaller than the best rung of its session', { ladder: ['v1080', 'v720', 'v240'] }],
])('a source that %s is encoded', (_, different) => {
  const plan = planEncoder({ ...order, source: seen, habits, ...different })
  expect(plan.copied).toBeUndefined()
  expect(plan.rungs.length).toBeGreaterThan(1)
  expect(ffmpegArguments(plan)).not.toContain('copy')
})

test('key frames that nobody orders say how much the first segment lacks', () => {
  const leads = [60, 30, 10].map(
    (keyFrameEvery) =>
      planEncoder({ ...order, source: seen, habits: { ...habits, keyFrameEvery } }).leadSeconds,
  )
  expect(leads).toEqual([0, expect.closeTo(1), expect.closeTo(4 / 3)])
})

test('a node that is too slow for a rung has it all the same if it is copied', () => {
  const slow = { ...order, ladder: undefined, pixelsPerSecond: 10e6, source: seen }
  expect(planEncoder(slow).ladder).toEqual(['v360', 'v240'])
  expect(planEncoder({ ...slow, habits }).ladder).toEqual(['v720', 'v360', 'v240'])
})

test('where all that is shown is copied, only key frames are decoded, for thumbnails', () => {
  const plan = planEncoder({ ...order, source: seen, habits, ladder: ['v720'] })
  expect(plan.rungs).toEqual([])
  const args = ffmpegArguments(plan)
  expect(args.filter((each) => each.startsWith('pipe:'))).toEqual(['pipe:6', 'pipe:3', 'pipe:4', 'pipe:5'])
  expect(args).not.toContain('libx264')
  expect(args.indexOf('-skip_frame')).toBeLessThan(args.indexOf('-i'))
  expect(ffmpegArguments(planEncoder({ ...order, source: seen, habits }))).not.toContain('-skip_frame')
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
