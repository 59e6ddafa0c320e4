import { expect, test } from 'vitest'
import { planLadder, rungFor } from './ladder-plan.ts'

const source = (width: number, height: number, frameRate = 30) => ({ width, height, frameRate, audio: true })

test.each([
  [3840, 2160, ['v1080', 'v720', 'v360']],
  [1920, 1080, ['v1080', 'v720', 'v360']],
  [1280, 720, ['v720', 'v360']],
  [1024, 576, ['v576', 'v240']],
  [854, 480, ['v480', 'v240']],
  [640, 360, ['v360']],
  [321, 241, ['v242']],
])('a source of %d × %d gets %j', (width, height, ladder) => {
  expect(planLadder(source(width, height))).toEqual(ladder)
})

test.each([
  ['v1080', source(3840, 2160), { width: 1920, height: 1080, bitsPerSecond: 4_500_000 }],
  ['v240', source(854, 480), { width: 428, height: 240, bitsPerSecond: 400_000 }],
  ['v720', source(1920, 1080, 60), { width: 1280, bitsPerSecond: 3_750_000 }],
  ['v1080', source(1080, 1920), { width: 608, height: 1080 }],
])('%s of %o keeps the shape of the source', (id, of, rung) => {
  expect(rungFor(id, of)).toMatchObject({ id, frameRate: of.frameRate, ...rung })
})

test('a session keeps its rungs when a smaller source returns', () => {
  expect(rungFor('v720', source(640, 360))).toMatchObject({ width: 1280, height: 720 })
})

test('a publisher that claims a picture of absurd width gets no absurd work', () => {
  expect(rungFor('v1080', { width: 16_000, height: 1080, frameRate: 60, audio: true }).width).toBe(2592)
})
