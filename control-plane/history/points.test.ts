import { expect, test } from 'vitest'
import { mergePoints, type Point, packPoints, unpackPoints } from './points.ts'

const point = (at: number, mean: (number | undefined)[], most = mean): Point => ({ at, mean, most })

test('what is packed is unpacked as it was, gaps and negative numbers too', () => {
  const points = [
    point(600, [10, undefined, -35], [12, undefined, -35]),
    point(605, [0, 7]),
    point(610, [undefined, 1]),
  ]
  expect(unpackPoints(packPoints(points, 600), 600)).toEqual(points)
})

test('rows that were put one after the other are one', () => {
  const both = Buffer.concat([packPoints([point(60, [1])], 60), packPoints([point(65, [2])], 60)])
  expect(unpackPoints(both, 60)).toEqual([point(60, [1]), point(65, [2])])
})

test('a stretch has the mean and the most of what was measured in it; empty stretches are left out', () => {
  const points = [point(0, [10, undefined]), point(5, [20, 4], [90, 4]), point(59, [30]), point(180, [7, 1])]
  expect(mergePoints(points, 60)).toEqual([point(0, [20, 4], [90, 4]), point(180, [7, 1])])
})
