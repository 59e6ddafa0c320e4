import { expect, test } from 'vitest'
import { leaseState } from './lease-state.ts'

const at = (seconds: number) => new Date(seconds * 1000)

test.each([
  ['a beat just now', 0, 75, 0, 'holds'],
  ['one beat missed', 0, 75, 44, 'holds'],
  ['the next one overdue too', 0, 75, 46, 'late'],
  ['its end', 0, 75, 75, 'gone'],
  ['long after its end', 0, 75, 9999, 'gone'],
  ['an orderly leave', 10, 10, 11, 'left'],
])('of a lease after %s', (_, beatAt, endsAt, now, state) => {
  expect(leaseState({ beatAt: at(beatAt), endsAt: at(endsAt) }, at(now))).toBe(state)
})
