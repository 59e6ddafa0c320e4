import { expect, test } from 'vitest'
import { type RowResult, tableRow, unkept } from './measured.ts'

const row = (more: Partial<RowResult>): RowResult => ({ name: 'killed', measured: [], outcomes: [], ...more })
const freeze = (seconds: number) => ({ what: 'low latency', seconds, most: 1.5 })

test.each<[string, RowResult, string[]]>([
  ['what is kept', row({ measured: [freeze(1.2)] }), []],
  ['a little more, on a loaded machine', row({ measured: [freeze(2.9)] }), []],
  ['too much', row({ measured: [freeze(3.1)] }), ['low latency: 3.1 s, 1.5 s is promised']],
  [
    'what never came',
    row({ measured: [freeze(Number.POSITIVE_INFINITY)] }),
    ['low latency: never, 1.5 s is promised'],
  ],
  [
    'nothing measured at all',
    row({ measured: [freeze(Number.NaN)] }),
    ['low latency: never, 1.5 s is promised'],
  ],
  ['another outcome', row({ outcomes: [{ what: 'it moves', is: false }] }), ['not so: it moves']],
])('%s', (_, result, sentences) => expect(unkept(result, 1.5)).toEqual(sentences))

test('a row shows what was measured beside what is promised', () => {
  const result = row({ measured: [freeze(1.24)], outcomes: [{ what: 'it moves', is: true }] })
  expect(tableRow(result)).toEqual(['killed', 'low latency 1.2 s', 'low latency ≤ 1.5 s'])
  expect(tableRow(row({ measured: [{ ...freeze(1), calm: 0.2 }] }))[1]).toBe(
    'low latency 1.0 s (0.2 s before)',
  )
  expect(tableRow({ ...result, measured: [] })).toEqual(['killed', 'as it should be', 'it moves'])
  expect(tableRow(row({ skipped: 'there are no mirrors' }))[1]).toBe('not measured: there are no mirrors')
})
