import { expect, test } from 'vitest'
import { parseBenchOptions } from './bench-options.ts'

test('without a word the fleet is measured, for as long as it takes', () => {
  expect(parseBenchOptions([])).toEqual({ bench: 'fleet', seconds: undefined })
})

test('a bench and its seconds are heard, in any order', () => {
  const wanted = { bench: 'latency', seconds: 20 }
  expect(parseBenchOptions(['latency', '--seconds', '20'])).toEqual(wanted)
  expect(parseBenchOptions(['--seconds=20', 'latency'])).toEqual(wanted)
})

test.each([
  [['speed'], /speed: it is one of fleet, latency, delivery, cost, steering/],
  [['cost', 'latency'], /cost latency/],
  [['cost', '--seconds', '1'], /from 2 to 3600, not "1"/],
  [['cost', '--seconds', '2.5'], /2\.5/],
  [['cost', '--second', '5'], /--second/],
])('%j is refused', (args, said) => {
  expect(() => parseBenchOptions(args)).toThrow(said)
})
