import { expect, test } from 'vitest'
import { type MirrorEvent, type MirrorState, nextMirror } from './mirror-state.ts'

const rules = { silentMs: 6000, staleMs: 600_000 }
const live: MirrorState = { name: 'live', segmentAt: 0 }
const waiting: MirrorState = { name: 'waiting', since: 0 }
const lost: MirrorState = { name: 'ended', at: 0, isFinal: false }
const over: MirrorState = { name: 'ended', at: 0, isFinal: true }

test.each<[string, MirrorState, MirrorEvent, number, MirrorState['name'], string]>([
  ['is opened with its first whole segment', { name: 'starting' }, 'segment', 1, 'live', 'open'],
  ['is waited for as long as it takes', { name: 'starting' }, 'tick', 9e9, 'starting', 'none'],
  ['that is over before it began leaves nothing', { name: 'starting' }, 'over', 1, 'gone', 'remove'],
  ['is opened anew with each segment', live, 'segment', 1, 'live', 'open'],
  ['may be silent for some seconds', live, 'tick', 5999, 'live', 'none'],
  ['that is silent is closed', live, 'tick', 6000, 'waiting', 'close'],
  ['is closed when its origin is', live, 'closed', 1, 'waiting', 'close'],
  ['ends when its origin does', live, 'over', 1, 'ended', 'close'],
  ['goes on when its origin does', waiting, 'segment', 1, 'live', 'open'],
  ['waits', waiting, 'closed', 599_999, 'waiting', 'none'],
  ['whose origin stays away is ended', waiting, 'tick', 600_000, 'ended', 'end'],
  ['ends while it waits', waiting, 'over', 1, 'ended', 'none'],
  ['that was given up goes on when its origin is back', lost, 'segment', 1, 'live', 'open'],
  ['that is over is over', over, 'segment', 1, 'ended', 'none'],
  ['that has ended stays for those who watch', over, 'tick', 599_999, 'ended', 'none'],
  ['that has ended goes', over, 'tick', 600_000, 'gone', 'remove'],
  ['that was given up goes', lost, 'tick', 600_000, 'gone', 'remove'],
])('a copy %s', (_, state, event, now, name, action) => {
  const [next, done] = nextMirror(state, event, { now, rules })
  expect([next.name, done]).toEqual([name, action])
})
