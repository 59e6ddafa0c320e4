import { expect, test } from 'vitest'
import { powerOf, readPower } from './power-state.ts'

test.each([
  ['0\n', { undervoltage: false, frequencyCapped: false, throttled: false }],
  ['1\n', { undervoltage: true, frequencyCapped: false, throttled: false }],
  ['50005', { undervoltage: true, frequencyCapped: false, throttled: true }],
  ['8', { undervoltage: false, frequencyCapped: true, throttled: false }],
  ['50000', { undervoltage: false, frequencyCapped: false, throttled: false }],
  ['', undefined],
  ['nonsense', undefined],
])('a board that says %j', (text, told) => {
  expect(powerOf(text)).toEqual(told)
})

test('a board without such a file says nothing', async () => {
  expect(await readPower('/nowhere')).toBeUndefined()
})
