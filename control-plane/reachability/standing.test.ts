import { expect, test } from 'vitest'
import type { LeaseState } from './lease-state.ts'
import {
  arriving,
  isUp,
  type KeptStanding,
  type Look,
  nextStanding,
  type Standing,
  wouldFall,
} from './standing.ts'

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000)
const found: Look = { probe: 'found', lease: 'holds' }
const missed: Look = { probe: 'missed', cause: 'Silence.', lease: 'holds' }
const witnessed: Look = { ...missed, witnessed: true }
const unasked: Look = { probe: 'unasked', lease: 'holds' }
const under = (look: Look, lease: LeaseState): Look => ({ ...look, lease })

type Step = [seconds: number, look: Look, mayFall?: boolean]
const after = (steps: Step[], kept: KeptStanding = arriving(at(0))) =>
  steps.reduce(
    (standing, [seconds, look, mayFall]) => nextStanding(standing, look, at(seconds), mayFall),
    kept,
  )

const healthy: Step[] = [
  [0, found],
  [10, found],
]
const fallen: Step[] = [...healthy, [20, missed], [25, missed], [35, missed]]

test.each<[string, Step[], Standing]>([
  ['nothing yet', [], 'pending'],
  ['one probe that found it', [[0, found]], 'pending'],
  [
    'two that found it, too close together',
    [
      [0, found],
      [9, found],
    ],
    'pending',
  ],
  ['two that found it, ten seconds apart', healthy, 'healthy'],
  [
    'found, but its beat is late from the first',
    [
      [0, found],
      [10, under(found, 'late')],
    ],
    'pending',
  ],
  ['a first probe that missed it', [[0, missed]], 'pending'],
  [
    'two that missed it: an installer waits before it',
    [
      [0, missed],
      [2, missed],
    ],
    'unreachable',
  ],
  [
    'two that missed it, one found, one missed',
    [
      [0, missed],
      [2, missed],
      [4, found],
      [6, missed],
    ],
    'pending',
  ],
  [
    'a miss between two finds',
    [
      [0, found],
      [5, missed],
      [10, found],
    ],
    'pending',
  ],
  ['healthy, then one miss', [...healthy, [20, missed]], 'suspect'],
  ['healthy, then misses for less than fifteen seconds', [...healthy, [20, missed], [34, missed]], 'suspect'],
  ['healthy, then misses for fifteen seconds', fallen, 'unreachable'],
  ['healthy, then a miss that viewers witness', [...healthy, [20, witnessed]], 'suspect'],
  ['two such misses within four seconds', [...healthy, [20, witnessed], [23, witnessed]], 'suspect'],
  ['two such misses, four seconds apart', [...healthy, [20, witnessed], [24, witnessed]], 'unreachable'],
  [
    'two misses, of which viewers witness the second alone',
    [...healthy, [20, missed], [24, witnessed]],
    'unreachable',
  ],
  [
    'viewers’ word against a node that is found',
    [...healthy, [20, { ...found, witnessed: true }]],
    'healthy',
  ],
  [
    'witnessed misses with a find between them',
    [...healthy, [20, witnessed], [22, found], [24, witnessed]],
    'suspect',
  ],
  [
    'witnessed misses while nobody may fall',
    [...healthy, [20, witnessed, false], [40, witnessed, false]],
    'suspect',
  ],
  [
    'witnessed misses and a lost lease',
    [...healthy, [20, witnessed], [24, under(witnessed, 'gone')]],
    'offline',
  ],
  ['healthy, then a miss and a find', [...healthy, [20, missed], [22, found]], 'healthy'],
  ['misses that are not in a row', [...healthy, [20, missed], [30, found], [36, missed]], 'suspect'],
  ['healthy, then a late beat', [...healthy, [20, under(found, 'late')]], 'suspect'],
  ['healthy, then a lost lease though it answers', [...healthy, [20, under(found, 'gone')]], 'suspect'],
  ['a beat again', [...healthy, [20, under(found, 'gone')], [30, found]], 'healthy'],
  ['neither beat nor answer', [...healthy, [20, missed], [40, under(missed, 'gone')]], 'offline'],
  ['unreachable, then its lease runs out', [...fallen, [60, under(missed, 'gone')]], 'offline'],
  [
    'offline, then it beats behind a closed router',
    [...fallen, [60, under(missed, 'gone')], [90, missed]],
    'unreachable',
  ],
  ['unreachable, then found once', [...fallen, [60, found]], 'pending'],
  ['unreachable, then found for ten seconds', [...fallen, [60, found], [70, found]], 'healthy'],
  [
    'offline, then found without a beat',
    [...fallen, [60, under(missed, 'gone')], [70, under(found, 'gone')]],
    'pending',
  ],
  ['an orderly leave', [...healthy, [20, under(unasked, 'left')]], 'offline'],
  ['an orderly leave, then found once', [...healthy, [20, under(unasked, 'left')], [90, found]], 'pending'],
  ['an orderly leave while nobody may fall', [...healthy, [20, under(unasked, 'left'), false]], 'offline'],
  ['a prober that could not ask', [...healthy, [20, unasked], [90, unasked]], 'healthy'],
  ['misses while nobody may fall', [...healthy, [20, missed, false], [90, missed, false]], 'suspect'],
  [
    'a lost lease while nobody may fall',
    [...healthy, [20, missed, false], [90, under(missed, 'gone'), false]],
    'suspect',
  ],
  ['misses until falling is allowed again', [...healthy, [20, missed, false], [90, missed]], 'unreachable'],
])('after %s', (_, steps, state) => {
  expect(after(steps).state).toBe(state)
})

/** One loss and return. */
const swing = (seconds: number): Step[] => [
  [seconds, missed],
  [seconds + 15, missed],
  [seconds + 20, found],
  [seconds + 30, found],
]
/** An orderly end and a new start. */
const leave = (seconds: number): Step[] => [
  [seconds, under(unasked, 'left')],
  [seconds + 20, found],
  [seconds + 30, found],
]
const swings = [...healthy, ...swing(100), ...swing(200), ...swing(300)]

test.each<[string, Step[], Standing]>([
  ['two losses within ten minutes', [...healthy, ...swing(100), ...swing(200)], 'healthy'],
  ['three', swings, 'flapping'],
  [
    'three, the first of which is long ago',
    [...healthy, ...swing(100), ...swing(500), ...swing(800)],
    'healthy',
  ],
  ['three, then a miss', [...swings, [340, missed]], 'flapping'],
  ['three, then a loss', [...swings, [340, missed], [355, missed]], 'unreachable'],
  ['three, then four clean minutes', [...swings, [570, found]], 'flapping'],
  ['three, then five clean minutes', [...swings, [620, found]], 'healthy'],
  [
    'three, then five minutes that were not clean',
    [...swings, [400, missed], [402, found], [620, found]],
    'flapping',
  ],
  ['three, and a late beat', [...swings, [340, under(found, 'late')]], 'flapping'],
  ['three orderly leaves', [...healthy, ...leave(100), ...leave(200), ...leave(300)], 'healthy'],
])('after %s', (_, steps, state) => {
  expect(after(steps).state).toBe(state)
})

test('since is when the state changed, and the cause is what was seen last', () => {
  expect(after(fallen)).toMatchObject({ since: at(35), cause: 'Silence.' })
  const later = after([[40, { ...missed, cause: 'Refused.' }]], after(fallen))
  expect(later).toMatchObject({ since: at(35), cause: 'Refused.' })
  expect(after(healthy).cause).toBeUndefined()
  expect(after([...healthy, [20, under(found, 'gone')]]).cause).toMatch(/answers, but its agent/)
  expect(after([...healthy, [20, under(unasked, 'left')]]).cause).toMatch(/orderly/)
})

test('a fall is known before it happens, an orderly leave is none', () => {
  const standing = after([...healthy, [20, missed]])
  expect(wouldFall(standing, missed, at(30))).toBe(false)
  expect(wouldFall(standing, missed, at(35))).toBe(true)
  expect(wouldFall(standing, under(unasked, 'left'), at(35))).toBe(false)
  expect(wouldFall(after(fallen), missed, at(90))).toBe(false)
})

test('only who is up is given viewers', () => {
  expect(
    ['pending', 'healthy', 'suspect', 'unreachable', 'offline', 'flapping'].map((state) =>
      isUp(state as Standing),
    ),
  ).toEqual([false, true, true, false, false, true])
})
