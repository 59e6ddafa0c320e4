import { expect, test } from 'vitest'
import { prometheusText } from './prometheus-text.ts'

test('a metric says what it is, then its samples', () => {
  const samples = [{ labels: { stream: 'demo', rendition: 'v480' }, value: 3 }, { value: 0.25 }]
  expect(prometheusText([{ name: 'parts_total', help: 'Parts.', type: 'counter', samples }])).toBe(
    [
      '# HELP parts_total Parts.',
      '# TYPE parts_total counter',
      'parts_total{stream="demo",rendition="v480"} 3',
      'parts_total 0.25',
      '',
    ].join('\n'),
  )
})

test('a histogram has cumulative buckets up to infinity, a sum and a count', () => {
  const buckets = [0.1, 1, Infinity].map((upTo, at) => ({ upTo, count: at + 2 }))
  const samples = [{ labels: { stream: 'demo' }, reading: { buckets, sum: 7.65, count: 4 } }]
  expect(prometheusText([{ name: 'delay_seconds', help: 'Delay.', type: 'histogram', samples }])).toBe(
    [
      '# HELP delay_seconds Delay.',
      '# TYPE delay_seconds histogram',
      'delay_seconds_bucket{stream="demo",le="0.1"} 2',
      'delay_seconds_bucket{stream="demo",le="1"} 3',
      'delay_seconds_bucket{stream="demo",le="+Inf"} 4',
      'delay_seconds_sum{stream="demo"} 7.65',
      'delay_seconds_count{stream="demo"} 4',
      '',
    ].join('\n'),
  )
})

test('no text breaks out of its line or its quotes', () => {
  const samples = [{ labels: { of: 'a"b\\c\nd' }, value: 1 }]
  expect(prometheusText([{ name: 'x', help: 'one\\two\nthree', type: 'gauge', samples }])).toBe(
    '# HELP x one\\\\two\\nthree\n# TYPE x gauge\nx{of="a\\"b\\\\c\\nd"} 1\n',
  )
})

test('a metric without samples is not there', () => {
  expect(prometheusText([{ name: 'x', help: 'X.', type: 'gauge', samples: [] }])).toBe('')
})
