import { expect, test } from 'vitest'
import { type Answer, nextPlaylists, playUrl, retryMs } from './playlist-search.ts'

const known = {
  play: 'http://page:9090/play/a',
  direct: 'http://n1:8084/a/index.m3u8',
  relay: 'http://page:8080/a/index.m3u8',
}

const node = 'http://n2:8084/a/index.m3u8'
const moved: Answer = { kind: 'here', playlist: node }
const { play, direct, relay } = known

test.each<[string, Answer, number, string[]]>([
  ['as the control plane steers', moved, 0, [play, node, relay]],
  ['as it steers once more, now that it knows what has failed', moved, 1, [play, node, relay]],
  ['where the control plane says when that has not helped', moved, 2, [node, relay, play]],
  ['as the control plane steers after that', moved, 3, [play, relay, node]],
  ['through the relay when the node has not helped either', moved, 5, [relay, node, play]],
  ['as the control plane steers again', moved, 6, [play, node, relay]],
  ['where it was, while the control plane is silent', { kind: 'silent' }, 0, [direct, relay]],
  ['through the relay, while the control plane is silent', { kind: 'silent' }, 1, [relay, direct]],
  [
    'where it was, when the address named is of no use',
    { kind: 'here', playlist: '' },
    2,
    [direct, relay, play],
  ],
  ['nowhere, while nothing is live', { kind: 'not-live' }, 1, []],
])('the player looks %s', (_, answer, attempt, urls) => {
  expect(nextPlaylists(answer, attempt, known)).toEqual(urls)
})

test('what has failed is told to the control plane', () => {
  expect(playUrl(known.play, [])).toBe(known.play)
  expect(playUrl(known.play, ['n1-g2', 'relay'])).toBe(`${known.play}?exclude=n1-g2%2Crelay`)
  expect(playUrl('', ['relay']), 'what is not steered stays so').toBe('')
})

test('without an address the relay is left', () => {
  expect(nextPlaylists({ kind: 'silent' }, 0, { ...known, direct: '' })).toEqual([relay])
})

test('what is not steered is tried at the node and through the relay by turns', () => {
  const unsteered = { ...known, play: '' }
  expect([0, 1, 2].map((attempt) => nextPlaylists(moved, attempt, unsteered))).toEqual([
    [node, relay],
    [relay, node],
    [node, relay],
  ])
})

test('attempts begin after 400 ms, back off to a few seconds and never give up', () => {
  const waits = [0, 1, 2, 3, 4, 50, 5000].map((attempt) => retryMs(attempt, () => 0.5))
  expect(waits).toEqual([400, 800, 1600, 3200, 4000, 4000, 4000])
  expect(retryMs(0, () => 0)).toBe(300)
  expect(retryMs(0, () => 1)).toBe(500)
})
