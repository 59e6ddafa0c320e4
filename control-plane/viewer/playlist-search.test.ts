import { expect, test } from 'vitest'
import { type Answer, nextPlaylist, retryMs } from './playlist-search.ts'

const known = { direct: 'http://n1:8084/a/index.m3u8', relay: 'http://page:8080/a/index.m3u8' }
const moved: Answer = { kind: 'here', playlist: 'http://n2:8084/a/index.m3u8' }

test.each<[string, Answer, number, string | undefined]>([
  ['where the control plane says', moved, 0, 'http://n2:8084/a/index.m3u8'],
  ['through the relay at every second attempt', moved, 1, known.relay],
  ['where the control plane says at every first', moved, 2, 'http://n2:8084/a/index.m3u8'],
  ['where it was, while the control plane is silent', { kind: 'silent' }, 0, known.direct],
  ['through the relay, while the control plane is silent', { kind: 'silent' }, 3, known.relay],
  ['where it was, when the address named is of no use here', { kind: 'here', playlist: '' }, 0, known.direct],
  ['nowhere, while nothing is live', { kind: 'not-live' }, 1, undefined],
])('the player looks %s', (_, answer, attempt, url) => {
  expect(nextPlaylist(answer, attempt, known)).toBe(url)
})

test('without an address the relay is left', () => {
  expect(nextPlaylist({ kind: 'silent' }, 0, { ...known, direct: '' })).toBe(known.relay)
})

test('attempts begin after 400 ms, back off to a few seconds and never give up', () => {
  const waits = [0, 1, 2, 3, 4, 50, 5000].map((attempt) => retryMs(attempt, () => 0.5))
  expect(waits).toEqual([400, 800, 1600, 3200, 4000, 4000, 4000])
  expect(retryMs(0, () => 0)).toBe(300)
  expect(retryMs(0, () => 1)).toBe(500)
})
