import { expect, test } from 'vitest'
import { type Answer, nextPlaylist, playUrl, retryMs } from './playlist-search.ts'

const known = {
  play: 'http://page:9090/play/a',
  direct: 'http://n1:8084/a/index.m3u8',
  relay: 'http://page:8080/a/index.m3u8',
}
const moved: Answer = { kind: 'here', playlist: 'http://n2:8084/a/index.m3u8' }

test.each<[string, Answer, number, string | undefined]>([
  ['as the control plane steers', moved, 0, known.play],
  ['where the control plane says at the second attempt', moved, 1, 'http://n2:8084/a/index.m3u8'],
  ['as the control plane steers after that', moved, 2, known.play],
  ['through the relay at the fourth', moved, 3, known.relay],
  ['as the control plane steers again', moved, 4, known.play],
  ['where it was, while the control plane is silent', { kind: 'silent' }, 0, known.direct],
  ['through the relay, while the control plane is silent', { kind: 'silent' }, 3, known.relay],
  ['where it was, when the address named is of no use here', { kind: 'here', playlist: '' }, 1, known.direct],
  ['nowhere, while nothing is live', { kind: 'not-live' }, 1, undefined],
])('the player looks %s', (_, answer, attempt, url) => {
  expect(nextPlaylist(answer, attempt, known)).toBe(url)
})

test('what has failed is told to the control plane', () => {
  expect(playUrl(known.play, [])).toBe(known.play)
  expect(playUrl(known.play, ['n1-g2', 'relay'])).toBe(`${known.play}?exclude=n1-g2%2Crelay`)
  expect(playUrl('', ['relay']), 'what is not steered stays so').toBe('')
})

test('without an address the relay is left', () => {
  expect(nextPlaylist({ kind: 'silent' }, 0, { ...known, direct: '' })).toBe(known.relay)
})

test('what is not steered is tried at the node and through the relay by turns', () => {
  const unsteered = { ...known, play: '' }
  expect([0, 1, 2].map((attempt) => nextPlaylist(moved, attempt, unsteered))).toEqual([
    'http://n2:8084/a/index.m3u8',
    known.relay,
    'http://n2:8084/a/index.m3u8',
  ])
})

test('attempts begin after 400 ms, back off to a few seconds and never give up', () => {
  const waits = [0, 1, 2, 3, 4, 50, 5000].map((attempt) => retryMs(attempt, () => 0.5))
  expect(waits).toEqual([400, 800, 1600, 3200, 4000, 4000, 4000])
  expect(retryMs(0, () => 0)).toBe(300)
  expect(retryMs(0, () => 1)).toBe(500)
})
