import { expect, test } from 'vitest'
import { buffered } from './seamless-ways.ts'

const part = (sn: number, at: number) => ({
  name: `${sn}.${at}`,
  start: sn * 2 + at * 0.5,
  end: sn * 2 + (at + 1) * 0.5,
  fragment: { sn, start: sn * 2, duration: 2 },
})
const parts = [5, 6].flatMap((sn) => [0, 1, 2, 3].map((at) => part(sn, at)))
const namesOf = (ranges: { start: number; end: number }[], whole: boolean) =>
  buffered(parts, ranges, { whole }).map(({ name }) => name)

test.each([
  ['a segment that ends a thousandth behind the buffer is there', { start: 10, end: 11.9993 }, 4],
  ['a segment whose last part is missing is not', { start: 10, end: 11.5 }, 0],
  ['nor one whose beginning has been taken away', { start: 10.5, end: 12 }, 0],
])('whole segments: %s', (_, range, count) => {
  expect(namesOf([range], true)).toHaveLength(count)
})

test('of a segment that goes on the parts that are there count one by one', () => {
  expect(namesOf([{ start: 11, end: 13 }], false)).toEqual(['5.2', '5.3', '6.0', '6.1'])
})

test('what lies on both sides of a hole is not there', () => {
  expect(
    namesOf(
      [
        { start: 8, end: 11.2 },
        { start: 11.4, end: 14 },
      ],
      false,
    ),
  ).toEqual(['5.0', '5.1', '5.3', '6.0', '6.1', '6.2', '6.3'])
})
