import { expect, test } from 'vitest'
import { type BeatState, nextBeatState, pauseMs } from './beat-pace.ts'

const accepted = { kind: 'accepted', body: { leaseSeconds: 25, nextSeconds: 10 } } as const
const away = { kind: 'away', cause: 'refused' } as const
const starting = { name: 'starting' } as const

test('an accepted beat is followed by the next after what the reply says, give or take a fifth', () => {
  const state = nextBeatState(starting, accepted)
  expect([0, 0.5, 1].map((drawn) => Math.round(pauseMs(state, () => drawn)))).toEqual([8000, 10_000, 12_000])
})

test('a reply cannot order a storm or silence', () => {
  const beatEvery = (nextSeconds: number) => pauseMs({ name: 'accepted', nextSeconds }, () => 0.5)
  expect(beatEvery(0)).toBe(1000)
  expect(beatEvery(1e9)).toBe(300_000)
})

test('each failure waits longer, up to two minutes, and a success forgets them', () => {
  let state: BeatState = starting
  const pauses = Array.from({ length: 10 }, () => {
    state = nextBeatState(state, away)
    return pauseMs(state, () => 1) / 1000
  })
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120, 120])
  state = nextBeatState(nextBeatState(state, accepted), away)
  expect(pauseMs(state, () => 1)).toBe(1000)
})

test.each(['node-revoked', 'unknown-node'] as const)('%s is for a person to change', (code) => {
  const state = nextBeatState(starting, { kind: 'refused', code })
  expect(state).toEqual({ name: 'barred', code })
  expect(pauseMs(state, () => 0.5)).toBe(120_000)
  expect(nextBeatState(state, accepted).name).toBe('accepted')
})

test('any other refusal is a failure with its cause', () => {
  const answer = { kind: 'refused', code: 'unavailable', message: 'The database does not answer.' } as const
  expect(nextBeatState(starting, answer)).toEqual({
    name: 'failing',
    failures: 1,
    cause: 'unavailable: The database does not answer.',
  })
})
