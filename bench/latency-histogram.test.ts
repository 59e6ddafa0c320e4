import { expect, test } from 'vitest'
import { latencyHistogram } from './latency-histogram.ts'

test('a percentile is told within a fiftieth, and never too low', () => {
  const histogram = latencyHistogram()
  for (let ms = 1; ms <= 1000; ms += 1) histogram.record(ms)
  expect(histogram.count()).toBe(1000)
  for (const share of [0.5, 0.95, 0.99, 1]) {
    const exact = share * 1000
    expect(histogram.percentile(share)).toBeGreaterThanOrEqual(exact * 0.999)
    expect(histogram.percentile(share)).toBeLessThanOrEqual(exact * 1.021)
  }
})

test('one slow answer among a hundred is the maximum and not the 99th', () => {
  const histogram = latencyHistogram()
  for (let at = 0; at < 99; at += 1) histogram.record(2)
  histogram.record(5000)
  expect(histogram.percentile(0.99)).toBeLessThan(2.1)
  expect(histogram.percentile(1)).toBeGreaterThanOrEqual(4999)
})

test('nothing has no percentile, and no time at all is a time', () => {
  const histogram = latencyHistogram()
  expect(histogram.percentile(0.99)).toBeNaN()
  histogram.record(0)
  expect(histogram.percentile(0.99)).toBeLessThan(0.02)
})
