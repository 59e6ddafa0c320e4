import { expect, test } from 'vitest'
import { nextSupervised, type SupervisedState, type SupervisionRules } from './supervise-state.ts'

const rules: SupervisionRules = {
  backoff: { firstMs: 1000, longestMs: 8000 },
  stallMs: 5000,
  killAfterMs: 2000,
  steadyMs: 10_000,
}
const running: SupervisedState = { name: 'running', failures: 0, since: 0, lastProgressAt: 0 }
const step = (state: SupervisedState, event: 'progress' | 'exited' | 'tick', now: number, wanted = true) =>
  nextSupervised(state, event, { wanted, now, rules })

test('what is wanted is spawned, what is not wanted stays stopped', () => {
  expect(step({ name: 'stopped' }, 'tick', 7)).toEqual([
    { name: 'running', failures: 0, since: 7, lastProgressAt: 7 },
    'spawn',
  ])
  expect(step({ name: 'stopped' }, 'tick', 7, false)).toEqual([{ name: 'stopped' }, 'none'])
})

test('a process without progress is terminated, then killed once', () => {
  expect(step(running, 'tick', 4999)[1]).toBe('none')
  const [stopping, first] = step(running, 'tick', 5000)
  expect(first).toBe('terminate')
  expect(step(stopping, 'tick', 6999)[1]).toBe('none')
  const [killed, second] = step(stopping, 'tick', 7000)
  expect(second).toBe('kill')
  expect(step(killed, 'tick', 99_000)[1]).toBe('none')
})

test('progress puts the stall off', () => {
  const [moved] = step(running, 'progress', 4000)
  expect(step(moved, 'tick', 8000)[1]).toBe('none')
  expect(step(moved, 'tick', 9000)[1]).toBe('terminate')
})

test('a slow start is given its own time, once', () => {
  const slow = { wanted: true, rules: { ...rules, startMs: 20_000 } }
  const [started] = nextSupervised({ name: 'stopped' }, 'tick', { ...slow, now: 0 })
  expect(nextSupervised(started, 'tick', { ...slow, now: 19_999 })[1]).toBe('none')
  expect(nextSupervised(started, 'tick', { ...slow, now: 20_000 })[1]).toBe('terminate')
  const [moved] = nextSupervised(started, 'progress', { ...slow, now: 100 })
  expect(nextSupervised(moved, 'tick', { ...slow, now: 5100 })[1]).toBe('terminate')
})

test('an end is followed by a wait that grows with each quick failure', () => {
  const [first] = step(running, 'exited', 100)
  expect(first).toMatchObject({ name: 'waiting', failures: 1 })
  const [again, action] = step(first, 'tick', 100 + 1000)
  expect(action).toBe('spawn')
  const [second] = step(again, 'exited', 1200)
  expect(second).toMatchObject({ name: 'waiting', failures: 2 })
  if (second.name !== 'waiting') throw new Error('unreachable')
  expect(second.retryAt - 1200).toBeGreaterThanOrEqual(1000)
})

test('a process that ran steadily starts counting its failures anew', () => {
  const [waiting] = step({ ...running, failures: 6 }, 'exited', 10_000)
  expect(waiting).toMatchObject({ name: 'waiting', failures: 1 })
})

test('what is no longer wanted is stopped from every state', () => {
  expect(step(running, 'tick', 10, false)[1]).toBe('terminate')
  expect(step({ name: 'waiting', failures: 1, retryAt: 99 }, 'tick', 10, false)[0]).toEqual({
    name: 'stopped',
  })
  expect(step({ name: 'stopping', failures: 0, killAt: 99 }, 'exited', 10, false)[0]).toEqual({
    name: 'stopped',
  })
})
