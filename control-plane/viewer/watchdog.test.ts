import { expect, test } from 'vitest'
import { aheadOf, type Mend, nextWatch, type Sight, unseen, type Watch } from './watchdog.ts'

const standing: Sight = { now: 0, position: 10, expected: true, paused: false }

/** Looks every half second, as the player does, and notes what is done when. */
function watchFor(seconds: number, see: (at: number) => Partial<Sight>, from: Watch = unseen) {
  let watch = from
  const mends: [number, Mend][] = []
  for (let at = 0; at <= seconds; at += 0.5) {
    const [next, mend] = nextWatch(watch, { ...standing, now: at * 1000, ...see(at) })
    watch = next
    if (mend !== 'none') mends.push([at, mend])
  }
  return { watch, mends }
}

test('a player that plays is left alone', () => {
  const { watch, mends } = watchFor(60, (at) => ({ position: at, ahead: at + 3, frames: at * 30 }))
  expect(mends).toEqual([])
  expect(watch).toMatchObject({ stillMs: 0, stuckMs: 0 })
})

test('one that stands though it should move begins anew after 8 s, and then with more patience each time', () => {
  const { mends } = watchFor(150, () => ({}))
  expect(mends).toEqual([8, 20, 38, 65, 95, 125].map((at) => [at, 'renew']))
})

test('one that something has paused is told to play within a second', () => {
  expect(watchFor(2, () => ({ paused: true })).mends[0]).toEqual([1, 'play'])
})

test('one that stands before a hole jumps over it once, and begins anew when that was in vain', () => {
  expect(watchFor(9, () => ({ ahead: 14 })).mends).toEqual([
    [3, 'jump'],
    [8, 'renew'],
  ])
})

test.each<[string, (at: number) => Partial<Sight>]>([
  ['is nudged and stands', (at) => ({ position: 10 + 0.1 * Math.floor(at) })],
  ['is seeked to and fro', (at) => ({ position: at % 1 ? 10 : 40 })],
  ['shows the same frame while its sound goes on', (at) => ({ position: at, frames: 300 })],
  ['has ended though the stream has not', () => ({ paused: true })],
])('one that %s does not move', (_, see) => {
  expect(watchFor(9, see).mends).toContainEqual([8, 'renew'])
})

test('while the page is hidden, where no frames are shown, sound is movement', () => {
  expect(watchFor(20, (at) => ({ position: at, frames: undefined })).mends).toEqual([])
})

test('what was held by its viewer, or is not live, may stand; its time begins when it should move', () => {
  const { watch, mends } = watchFor(60, () => ({ expected: false, paused: true }))
  expect(mends).toEqual([])
  expect(watch.stillMs).toBeGreaterThan(50_000)
  expect(watchFor(8, (at) => ({ now: 61_000 + at * 1000 }), watch).mends).toEqual([[7, 'renew']])
})

test('a throttled timer delays the mend by looks, not by minutes of patience', () => {
  const [first] = nextWatch(unseen, standing)
  const [second, mendBefore] = nextWatch(first, { ...standing, now: 60_000 })
  const [, mendAfter] = nextWatch(second, { ...standing, now: 120_000 })
  expect([mendBefore, mendAfter]).toEqual(['none', 'renew'])
})

test('a device that has slept does not begin anew at its first look', () => {
  const { watch } = watchFor(10, (at) => ({ position: at }))
  expect(nextWatch(watch, { ...standing, now: 3_600_000, position: 10 })[1]).toBe('none')
})

test.each<[string, number, { start: number; end: number }[], number | undefined, number | undefined]>([
  [
    'beyond the hole',
    10,
    [
      { start: 4, end: 10 },
      { start: 13, end: 20 },
    ],
    19,
    13.05,
  ],
  ['at the edge, when nothing is buffered beyond', 10, [{ start: 4, end: 10 }], 14, 14],
  ['nowhere, when the edge is here', 10, [{ start: 4, end: 10 }], 10.3, undefined],
  ['nowhere, while nothing is known', 0, [], undefined, undefined],
])('a picture that stands goes on %s', (_, position, buffered, edge, ahead) => {
  expect(aheadOf(position, buffered, edge)).toBe(ahead)
})
