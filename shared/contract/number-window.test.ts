import { expect, test } from 'vitest'
import { admitNumber, type NumberWindow } from './number-window.ts'

const start: NumberWindow = { epoch: 3, highest: 0, seen: 0n }

/** Admits the numbers in turn and tells each verdict. */
function admit(numbers: number[], window = start) {
  return numbers.map((number) => {
    const [verdict, next] = admitNumber(window, 3, number)
    window = next
    return verdict
  })
}

test.each([
  ['in order', [1, 2, 3], ['fresh', 'fresh', 'fresh']],
  ['overtaken on the way', [5, 3, 4], ['fresh', 'fresh', 'fresh']],
  ['twice', [5, 5], ['fresh', 'replayed']],
  ['twice, with others between', [5, 9, 5], ['fresh', 'fresh', 'replayed']],
  ['at the far edge of the window', [100, 37], ['fresh', 'fresh']],
  ['just out of the window', [100, 36], ['fresh', 'replayed']],
  ['after a leap wider than the window', [1, 1000, 1, 937], ['fresh', 'fresh', 'replayed', 'fresh']],
  ['after a leap exactly as wide as the window', [1, 65, 1, 2], ['fresh', 'fresh', 'replayed', 'fresh']],
])('numbers that come %s', (_, numbers, verdicts) => {
  expect(admit(numbers)).toEqual(verdicts)
})

test('a new boot epoch starts a new window, an older one lies behind', () => {
  const [verdict, window] = admitNumber({ epoch: 3, highest: 900, seen: 1n }, 4, 1)
  expect(verdict).toBe('fresh')
  expect(window).toEqual({ epoch: 4, highest: 1, seen: 1n })
  expect(admitNumber(window, 3, 901)[0]).toBe('epoch-behind')
})
