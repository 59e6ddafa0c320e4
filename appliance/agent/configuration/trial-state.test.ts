import { expect, test } from 'vitest'
import {
  isWanted,
  nextTrial,
  TRIAL_RULES,
  type TrialAction,
  type TrialEvent,
  type TrialState,
} from './trial-state.ts'

const good = { version: 4, settings: {} }
const want = { version: 5, settings: { mostStreams: 1 } }
const settled: TrialState = { name: 'settled', good }

/** What was done at which second. */
function play(events: [second: number, event: TrialEvent][], from: TrialState = settled) {
  let state = from
  const done: [number, TrialAction['kind'], string?][] = []
  for (const [second, event] of events) {
    const [next, action] = nextTrial(state, event, second * 1000)
    state = next
    if (action.kind === 'return') done.push([second, action.kind, action.cause])
    else if (action.kind !== 'none') done.push([second, action.kind])
  }
  return { state, done }
}

const applied = (wasWell = true): TrialEvent => ({ kind: 'applied', want, wasWell })
const beat: TrialEvent = { kind: 'beat' }
const started: TrialEvent = { kind: 'started' }
const tick = (well = true): TrialEvent => ({ kind: 'tick', well })
const ticks = (from: number, to: number, well = true): [number, TrialEvent][] =>
  Array.from({ length: to - from + 1 }, (_, at) => [from + at, tick(well)])

test.each<[string, [number, TrialEvent][], [number, string, string?][]]>([
  [
    'does well for a minute and is kept',
    [[0, applied()], [1, beat], [30, beat], ...ticks(31, 70)],
    [[60, 'keep']],
  ],
  ['one heartbeat is not enough', [[0, applied()], [1, beat], ...ticks(2, 80)], []],
  [
    'the second heartbeat comes late, and is enough',
    [[0, applied()], [1, beat], ...ticks(2, 80), [80, beat], ...ticks(81, 82)],
    [[81, 'keep']],
  ],
  [
    'no heartbeat is accepted',
    [[0, applied()], ...ticks(1, 95)],
    [[90, 'return', 'no heartbeat was accepted for 90 seconds']],
  ],
  [
    'heartbeats end',
    [[0, applied()], [1, beat], ...ticks(2, 95)],
    [[91, 'return', 'no heartbeat was accepted for 90 seconds']],
  ],
  [
    'media does not come back',
    [[0, applied()], [1, beat], [20, beat], ...ticks(1, 70, false)],
    [[60, 'return', 'media or nginx did not answer for 60 seconds']],
  ],
  [
    'media comes back late',
    [[0, applied()], [1, beat], [20, beat], ...ticks(1, 59, false), ...ticks(60, 61)],
    [[60, 'keep']],
  ],
  [
    'media was away before',
    [[0, applied(false)], [1, beat], [20, beat], ...ticks(21, 70, false)],
    [[60, 'keep']],
  ],
  [
    'the agent dies again and again',
    [
      [0, applied()],
      [5, started],
      [10, started],
      [15, started],
    ],
    [[15, 'return', 'the agent has started 3 times with it']],
  ],
  [
    'the agent starts once more and does well',
    [[0, applied()], [50, started], [51, beat], [52, beat], ...ticks(53, 115)],
    [[110, 'keep']],
  ],
])('a version on trial: %s', (_, events, done) => {
  expect(play(events).done.slice(0, 1)).toEqual(done)
})

test('a node that breaks is back within two minutes, whichever way it breaks', () => {
  expect(Math.max(TRIAL_RULES.silentMs, TRIAL_RULES.unwellMs)).toBeLessThan(120_000)
})

test('what has broken the node is not tried again, and the next version is', () => {
  const { state } = play([[0, applied()], ...ticks(1, 90)])
  expect(state).toEqual({ name: 'settled', good, spoilt: 5 })
  expect([4, 5, 6].filter((version) => isWanted(state, version))).toEqual([6])
})

test('a newer version takes the place of one on trial, and the last good one stays the way back', () => {
  const newer = { version: 6, settings: {} }
  const { state, done } = play([
    [0, applied()],
    [10, { kind: 'applied', want: newer, wasWell: true }],
    ...ticks(11, 100),
  ])
  expect(done).toEqual([[100, 'return', expect.stringContaining('no heartbeat')]])
  expect(state).toMatchObject({ good, spoilt: 6 })
})

test('while nothing is on trial, nothing is done', () => {
  expect(play([[0, beat], [1, started], ...ticks(2, 200, false)])).toEqual({ state: settled, done: [] })
})
