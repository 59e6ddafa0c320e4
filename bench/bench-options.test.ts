import { expect, test } from 'vitest'
import { parseBenchOptions } from './bench-options.ts'

test('without a word it is measured what a user waits for, for as long as it takes', () => {
  expect(parseBenchOptions([])).toEqual({ bench: 'start', seconds: undefined })
})

test('a bench and its seconds are heard, in any order', () => {
  const wanted = { bench: 'latency', seconds: 20 }
  expect(parseBenchOptions(['latency', '--seconds', '20'])).toEqual(wanted)
  expect(parseBenchOptions(['--seconds=20', 'latency'])).toEqual(wanted)
})

test.each([
  [['speed'], /speed: it is one of start, latency, delivery, cost, steering, fleet/],
  [['cost', 'latency'], /cost latency/],
  [['cost', '--seconds', '1'], /from 2 to 3600, not "1"/],
  [['cost', '--seconds', '2.5'], /2\.5/],
  [['cost', '--second', '5'], /--second/],
])('%j is refused', (args, said) => {
  expect(() => parseBenchOptions(args)).toThrow(said)
})
