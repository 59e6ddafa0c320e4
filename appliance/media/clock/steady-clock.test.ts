import { expect, test } from 'vitest'
import { steadyClock } from './steady-clock.ts'

const HOUR = 3_600_000
const TRUE = Date.parse('2026-01-01T12:00:00Z')
const idle = { encoding: false, toldUntil: Number.NEGATIVE_INFINITY }

test.each([
  ['an hour behind at the start', -HOUR, idle, 0],
  ['an hour ahead at the start', HOUR, idle, 0],
  ['a little off', 40, idle, 40],
  ['off by as much as can be seen', -50, idle, 0],
  ['off while something is encoded', -HOUR, { ...idle, encoding: true }, -HOUR],
  ['behind, while a session waits', -HOUR, { encoding: false, toldUntil: TRUE - HOUR - 5 }, 0],
  ['ahead, and so is a session that waits', HOUR, { encoding: false, toldUntil: TRUE + HOUR - 5 }, HOUR],
  ['ahead, after a session that had the right time', HOUR, { encoding: false, toldUntil: TRUE - 5 }, 0],
])('a clock that is %s', (_, off, situation, left) => {
  const { clock } = newClock(off)
  const moved = clock.follow(TRUE, situation)
  expect(clock.now() - TRUE).toBe(left)
  expect(moved).toBe(left - off)
})

test('whoever sets the clock of the machine back by an hour while something is live moves nothing', () => {
  const { clock, machine } = newClock(0)
  const live = { encoding: true, toldUntil: TRUE + 2000 }
  machine.wall -= HOUR
  machine.monotonic += 4000
  clock.follow(TRUE + 4000, live)
  clock.follow(TRUE + 4000 - HOUR, live) // the control plane's own, perhaps
  expect(clock.now()).toBe(TRUE + 4000)
})

test('it goes on from what was told before a restart', () => {
  const { clock } = newClock(-HOUR)
  clock.reach(TRUE)
  expect(clock.now()).toBe(TRUE)
  clock.reach(TRUE - 1000)
  expect(clock.now()).toBe(TRUE)
  clock.reach(Number.NEGATIVE_INFINITY)
  expect(clock.now()).toBe(TRUE)
})

function newClock(off: number) {
  const machine = { wall: TRUE + off, monotonic: 1000 }
  const clock = steadyClock({ wall: () => machine.wall, monotonic: () => machine.monotonic })
  return { clock, machine }
}
