import { expect, test } from 'vitest'
import { offeredQualities, placeOf, qualityName } from './quality-choice.ts'

const ladder = [
  { height: 240, bitrate: 300_000 },
  { height: 720, bitrate: 2_000_000 },
  { height: 720, bitrate: 2_800_000 },
  { height: 480, bitrate: 900_000 },
]

test('each height is offered once, the best first', () => {
  expect(offeredQualities(ladder).map(qualityName)).toEqual(['720p', '480p', '240p'])
  expect(offeredQualities(ladder)[0]?.bitrate).toBe(2_800_000)
})

test.each([
  ['what was chosen', 480, 3],
  ['the next below, where it is gone', 1080, 2],
  ['the lowest, where nothing is below', 144, 0],
  ['whatever the engine finds best, without a choice', undefined, -1],
])('played is %s', (_, chosen, place) => {
  expect(placeOf(chosen, ladder)).toBe(place)
})

test('nothing is chosen from nothing', () => {
  expect(placeOf(480, [])).toBe(-1)
})

test('a rendition of sound alone goes by its bit rate', () => {
  expect(qualityName({ height: 0, bitrate: 128_000 })).toBe('128 kbit/s')
})
