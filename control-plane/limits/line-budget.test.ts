import { expect, test } from 'vitest'
import { lineBudget } from './line-budget.ts'

test.each<[string, Parameters<typeof lineBudget>[0], ReturnType<typeof lineBudget>]>([
  ['nothing is known of', {}, {}],
  ['was never asked, though it was seen to send something', { most: 3e6 }, {}],
  ['was measured', { measured: 20e6 }, { bitsPerSecond: 18e6 }],
  ['has sent more than was measured', { measured: 10e6, most: 20e6 }, { bitsPerSecond: 18e6 }],
  ['may send less than it can', { measured: 20e6, limits: { bitsPerSecond: 5e6 } }, { bitsPerSecond: 5e6 }],
  ['may send more than it can', { measured: 20e6, limits: { bitsPerSecond: 50e6 } }, { bitsPerSecond: 18e6 }],
  ['has a limit alone', { limits: { bitsPerSecond: 5e6, viewers: 2 } }, { bitsPerSecond: 5e6, viewers: 2 }],
  [
    'may send nothing',
    { measured: 20e6, limits: { bitsPerSecond: 0, viewers: 0 } },
    { bitsPerSecond: 0, viewers: 0 },
  ],
  ['has a row without numbers', { limits: { viewers: null, bitsPerSecond: null }, measured: null }, {}],
])('a node that %s', (_, line, budget) => {
  expect(lineBudget(line)).toEqual(budget)
})
