import { expect, test } from 'vitest'
import { isFilled, leftOut, outgrown, pixelsPerSecondOf, planLadder, rungFor } from './ladder-plan.ts'
import type { Quality } from './qualities.ts'

const source = (width: number, height: number, frameRate = 30) => ({ width, height, frameRate, audio: true })

test.each([
  [3840, 2160, ['v1080', 'v720', 'v480', 'v360', 'v240']],
  [1920, 1080, ['v1080', 'v720', 'v480', 'v360', 'v240']],
  [1080, 1920, ['v1080', 'v720', 'v480', 'v360', 'v240']],
  [1280, 720, ['v720', 'v480', 'v360', 'v240']],
  [1360, 768, ['v768', 'v480', 'v360', 'v240']],
  [1024, 576, ['v576', 'v480', 'v360', 'v240']],
  [854, 480, ['v480', 'v360', 'v240']],
  [640, 360, ['v360', 'v240']],
  [321, 241, ['v240']],
  [320, 180, ['v180']],
])('a source of %d × %d gets %j', (width, height, ladder) => {
  expect(planLadder(source(width, height))).toEqual(ladder)
})

test.each<[Quality[], number, string[]]>([
  [['360p', '720p'], 1080, ['v720', 'v360']],
  [['1080p', '720p', '360p'], 900, ['v900', 'v720', 'v360']],
  [['1080p', '720p', '360p'], 480, ['v480', 'v360']],
  [['1080p'], 240, ['v240']],
])('ordered in %j, a source of %d lines gets %j', (qualities, height, ladder) => {
  expect(planLadder(source(2 * height, height), { qualities })).toEqual(ladder)
})

test.each([
  [{ tallestQuality: '480p' }, ['v480', 'v360', 'v240']],
  [{ mostRenditions: 2 }, ['v1080', 'v240']],
  [{ mostRenditions: 3, tallestQuality: '720p' }, ['v720', 'v480', 'v240']],
  [{ mostRenditions: 1 }, ['v1080']],
  [{ mostRenditions: 1, pixelsPerSecond: 30e6 }, ['v720']],
  [{ mostRenditions: 1, pixelsPerSecond: 0 }, ['v240']],
  [{ mostRenditions: 2, qualities: ['720p', '480p', '360p'] }, ['v720', 'v360']],
  [{ tallestQuality: '360p', qualities: ['720p', '480p'] }, ['v360']],
] as const)('a node that is limited to %j makes %j of 1080p', (limits, ladder) => {
  const qualities = 'qualities' in limits ? [...limits.qualities] : undefined
  expect(planLadder(source(1920, 1080), { ...limits, qualities })).toEqual(ladder)
})

test.each([
  [200, ['v1080', 'v720', 'v480', 'v360', 'v240']],
  [100, ['v1080', 'v720', 'v360', 'v240']],
  [70, ['v1080', 'v240']],
  [50, ['v720', 'v480', 'v360', 'v240']],
  [10, ['v360', 'v240']],
  [0, ['v240']],
])('of 1080p30 a node with %d megapixels a second encodes %j', (megapixels, ladder) => {
  expect(planLadder(source(1920, 1080), { pixelsPerSecond: megapixels * 1e6 })).toEqual(ladder)
})

test.each([
  ['v1080', source(3840, 2160), { width: 1920, height: 1080, bitsPerSecond: 4_500_000 }],
  ['v240', source(854, 480), { width: 428, height: 240, bitsPerSecond: 400_000 }],
  ['v720', source(1920, 1080, 60), { width: 1280, bitsPerSecond: 3_750_000 }],
  ['v720', source(1920, 1080, 50), { width: 1280, bitsPerSecond: 3_750_000 }],
  ['v720', source(1080, 1920), { width: 720, height: 1280, bitsPerSecond: 2_500_000 }],
  ['v240', source(321, 241), { width: 320, height: 240 }],
  ['v360', source(361, 641), { width: 360, height: 640 }],
  ['v360', source(320, 180), { width: 320, height: 180, bitsPerSecond: 250_000 }],
  ['v360', source(200, 340), { width: 200, height: 340 }],
])('%s of %o keeps the shape of the source, and is not above it', (id, of, rung) => {
  expect(rungFor(id, of)).toMatchObject({ id, frameRate: of.frameRate, ...rung })
})

test.each([
  [16_000, 1080, { width: 2592, height: 1080 }],
  [1080, 16_000, { width: 1080, height: 2592 }],
])('a publisher that claims an absurd picture of %d × %d gets no absurd work', (width, height, rung) => {
  expect(rungFor('v1080', source(width, height, 60))).toMatchObject(rung)
})

test('the effort of a ladder is its pixels', () => {
  const rungs = ['v480', 'v240'].map((id) => rungFor(id, source(960, 480)))
  expect(pixelsPerSecondOf(rungs)).toBe((960 * 480 + 480 * 240) * 30)
})

test.each([
  ['v720', 1280, 720, true],
  ['v720', 1200, 672, true],
  ['v720', 854, 480, false],
  ['v720', 720, 1280, true],
  ['v240', 1920, 1080, true],
])('%s is filled by %d × %d: %s', (id, width, height, filled) => {
  expect(isFilled(id, source(width, height))).toBe(filled)
})

test('what a node is too slow for is said', () => {
  const full = source(1920, 1080)
  expect(leftOut(planLadder(full), full)).toBeUndefined()
  expect(leftOut(planLadder(full, { pixelsPerSecond: 50e6 }), full)).toBe(
    'This node has not the power for 1080p of this stream beside what else it encodes. It is shown in 720p, 480p, 360p, 240p.',
  )
  expect(leftOut(['v720'], full, { qualities: ['720p'] })).toBeUndefined()
})

test.each([
  [
    'a source that has grown',
    ['v180'],
    {},
    /^Its source sends 1280×720 now, .* began with 180p .* stop cam\)/,
  ],
  ['one that is hardly larger', ['v672'], {}, undefined],
  ['one that is smaller', ['v1080'], {}, undefined],
  ['what was ordered', ['v360'], { qualities: ['360p' as const] }, undefined],
  ['all that its node can do', ['v360', 'v240'], { pixelsPerSecond: 10e6 }, undefined],
])('of %s a session says so if it shows less of it than it could', (_, ladder, limits, sentence) => {
  const said = outgrown('cam', ladder, source(1280, 720), limits)
  if (sentence) expect(said).toMatch(sentence)
  else expect(said).toBeUndefined()
})
