import { expect, test } from 'vitest'
import { nextShed, nothingShed, type Reading, type ShedAction, type ShedState } from './shed-state.ts'

const BEHIND: Reading = { speed: 0.6, backlog: true }
const WELL: Reading = { speed: 1, backlog: false }
const MINUTE = 60_000
const START = { state: nothingShed(0), now: 0 }

test.each<[string, Reading]>([
  ['keeps up', WELL],
  ['catches up', { speed: 1, backlog: true }],
  ['has a source with a slow clock', { speed: 0.985, backlog: true }],
  ['waits for its source', { speed: 0.5, backlog: false }],
])('an encoder that %s loses nothing', (_, reading) => {
  expect(run(START, reading, 10 * MINUTE).actions).toEqual([])
})

test('an encoder that falls behind for some seconds loses its costliest rung, then the next, never the last', () => {
  const fallen = run(START, BEHIND, MINUTE / 2)
  expect(fallen.actions).toEqual([
    [13_000, 'shed'],
    [26_000, 'shed'],
  ])
  expect(fallen.state.shed).toBe(2)
  expect(run(fallen, BEHIND, 10 * MINUTE).actions).toEqual([])
})

test.each([
  [0.25, 5],
  [0.75, 8],
  [0.875, 16],
  [0.96875, 64],
])('at a speed of %d that takes %d s: what is nearly fast enough is waited for', (speed, seconds) => {
  const settled = run(START, WELL, 20_000)
  const { actions } = run(settled, { speed, backlog: true }, 2 * MINUTE, true)
  expect(actions).toEqual([[21_000 + seconds * 1000, 'shed']])
})

test('a breath between two slow moments is a new beginning', () => {
  const slow = run(START, BEHIND, 12_000)
  const breath = run(slow, WELL, 1000)
  expect(run(breath, BEHIND, 4000).actions).toEqual([])
})

test('a rung is tried again after a minute, and after each fall it waits twice as long', () => {
  let fallen = run(START, BEHIND, 13_000)
  const waited = []
  for (let fall = 0; fall < 7; fall++) {
    const calm = run(fallen, WELL, 60 * MINUTE, true)
    expect(calm.actions[0]?.[1]).toBe('restore')
    waited.push((calm.now - fallen.now) / MINUTE)
    fallen = run(calm, BEHIND, MINUTE, true)
  }
  expect(waited).toEqual([1, 2, 4, 8, 16, 30, 30])
})

test('several rungs come back one after the other', () => {
  const { actions } = run(run(START, BEHIND, MINUTE / 2), WELL, 10 * MINUTE)
  expect(actions.map(([, action]) => action)).toEqual(['restore', 'restore'])
})

test('after half an hour without a fall the next one is a first one', () => {
  const { state } = run(run(START, BEHIND, 13_000), WELL, 40 * MINUTE)
  expect(state).toMatchObject({ shed: 0, falls: 0 })
})

type At = { state: ShedState; now: number }

/** Reads the same each second for so long, or until something is done. */
function run(from: At, reading: Reading, forMs: number, untilAction = false) {
  let { state, now } = from
  const actions: [number, ShedAction][] = []
  for (const end = now + forMs; now < end && !(untilAction && actions.length); ) {
    now += 1000
    const [next, action] = nextShed(state, reading, { now, rungs: 3 })
    state = next
    if (action !== 'none') actions.push([now, action])
  }
  return { state, now, actions }
}
