import { expect, test } from 'vitest'
import { nextAttempt } from './next-attempt.ts'

const DAY = 24 * 3_600_000
const most = () => 1

test.each<[string, Parameters<typeof nextAttempt>, number | undefined]>([
  ['the first failure is followed soon', [{ is: 'failed' }, 1, 0, most], 10_000],
  ['later ones less and less', [{ is: 'failed' }, 5, 200_000, most], 160_000],
  ['but each quarter of an hour', [{ is: 'failed' }, 60, DAY - 1, most], 900_000],
  ['for a day', [{ is: 'failed' }, 100, DAY, most], undefined],
  ['what is refused is not tried again', [{ is: 'refused' }, 1, 0, most], undefined],
])('%s', (_, given, ms) => {
  expect(nextAttempt(...given)).toBe(ms)
})
