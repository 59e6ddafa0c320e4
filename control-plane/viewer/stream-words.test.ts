import { expect, test } from 'vitest'
import type { StreamView } from '../streams/stream-view.ts'
import { lineOf, matterOf } from './stream-words.ts'
import { english } from './texts/english.ts'

const now = new Date('2026-11-20T12:00:00Z')
const day = new Date('2026-11-19T12:00:00Z')

test.each<[StreamView['state'], string]>([
  ['live', ''],
  ['waiting', 'The encoder is away. This page continues by itself.'],
  ['lost', 'The connection to the source is lost. This page continues by itself.'],
  ['ended', 'This stream has ended.'],
  ['never', 'This stream has not begun yet. This page starts it by itself.'],
])('on the picture of a stream that is %s stands “%s”', (state, words) => {
  expect(matterOf({ state, host: '[2a01:4f8::1]:8084' }, english)).toBe(words)
})

test('of a live stream that nobody can fetch the page says why there is no picture', () => {
  expect(matterOf({ state: 'live' }, english)).toContain('nobody can reach the box')
})

test.each<[Pick<StreamView, 'state' | 'height'>, string | undefined, string]>([
  [{ state: 'live', height: 720 }, '2026-11-20T11:48:00Z', 'Live for 12 min · 720p'],
  [{ state: 'live' }, '2026-11-20T11:59:30Z', 'Live now'],
  [{ state: 'live' }, undefined, 'Live now'],
  [{ state: 'waiting', height: 720 }, '2026-11-20T11:48:00Z', 'Interrupted'],
  [{ state: 'lost' }, '2026-11-20T11:48:00Z', 'Interrupted'],
  [{ state: 'ended' }, '2026-11-20T09:59:00Z', 'Finished 2 h ago'],
  [{ state: 'ended' }, '2026-11-20T11:59:59Z', 'Finished just now'],
  [{ state: 'never' }, undefined, 'Not begun yet'],
])('under the title of %o, so since %s, stands “%s”', (stream, since, words) => {
  const times = (at: Date) =>
    stream.state === 'live' ? { since: at, stateSince: now } : { since: day, stateSince: at }
  expect(lineOf({ ...stream, ...(since && times(new Date(since))) }, now, english)).toBe(words)
})
