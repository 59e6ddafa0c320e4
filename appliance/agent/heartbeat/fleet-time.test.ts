import { expect, test } from 'vitest'
import { fleetTime } from './fleet-time.ts'

const NOON = '2026-01-01T12:00:00.000Z'

test('the time is what was told, half the way back ago', () => {
  const { time, clock } = newTime()
  expect(time.now()).toBeUndefined()
  const told = time.ask()
  clock.now += 80
  told(NOON)
  clock.now += 1000
  expect(time.now()).toBe(Date.parse(NOON) + 1040)
})

test('a reply that was long on its way counts only while there is no better one', () => {
  const { time, clock } = newTime()
  for (const [took, expected] of [
    [4000, 2000],
    [20, 10],
    [4000, 4010],
  ] as const) {
    const told = time.ask()
    clock.now += took
    told(NOON)
    expect(time.now()).toBe(Date.parse(NOON) + expected)
  }
})

test('a control plane that tells no time changes nothing', () => {
  const { time } = newTime()
  time.ask()(undefined)
  expect(time.now()).toBeUndefined()
})

function newTime() {
  const clock = { now: 5000 }
  return { clock, time: fleetTime(() => clock.now) }
}
