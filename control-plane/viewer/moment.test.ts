import { expect, test } from 'vitest'
import { placeOf, readMoment } from './moment.ts'

test.each([
  ['?t=1763640000', 1_763_640_000_000],
  ['?t=1763640000.5&x=1', 1_763_640_000_500],
  ['?t=2025-11-20T12:00:00Z', 1_763_640_000_000],
  ['?t=2025-11-20T13:00:00%2B01:00', 1_763_640_000_000],
  ['', undefined],
  ['?t=', undefined],
  ['?t=yesterday', undefined],
  ['?t=2025-99-99T', undefined],
  ['?t=-5', undefined],
  ['?t=999999999999999', undefined],
])('%j asks for the moment %s', (search, moment) => {
  expect(readMoment(search)).toBe(moment)
})

const kept = { start: 100, end: 160, startsAt: 5_000_000 }
test.each([
  ['at its beginning', 5_000_000, 100],
  ['within it', 5_030_500, 130.5],
  ['before it', 4_999_999, 'gone'],
  ['at its end', 5_060_000, undefined],
  ['still to come', 9_000_000, undefined],
])('a moment %s is found there', (_, moment, place) => {
  expect(placeOf(moment, kept)).toBe(place)
})
