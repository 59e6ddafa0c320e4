import { expect, test } from 'vitest'
import { watchClock } from './watch-clock.ts'

const FRAME_SECONDS = 0.04

test.each([
  ['0.5 % fast', 1.005, 'the clock of the source drifted', 200],
  ['0.5 % slow', 0.995, 'the clock of the source drifted', 200],
  ['a hundred parts in a million fast', 1.0001, undefined, 1200],
])('a clock that runs %s: %d → %s', (_, speed, flaw, afterSeconds) => {
  const found = flawsOf({ seconds: 1200, mediaAt: (second) => second * speed })
  expect(found?.flaw).toBe(flaw)
  if (found) expect(Math.abs(found.at - afterSeconds)).toBeLessThan(40)
})

test.each([
  ['jumps ahead by four seconds', 4, 'the clock of the source jumped', 0.1],
  ['jumps ahead by two seconds', 2, 'the clock of the source drifted', 20],
  ['jumps back by two seconds', -2, 'the clock of the source drifted', 30],
  ['jumps by half a second', 0.5, undefined, 0],
])('a clock that %s', (_, jump, flaw, withinSeconds) => {
  const found = flawsOf({ seconds: 100, mediaAt: (second) => second + (second < 50 ? 0 : jump) })
  expect(found?.flaw).toBe(flaw)
  if (found) expect(found.at - 50).toBeLessThan(withinSeconds)
})

test('what comes by fits and starts, and whatever catches up after a silence, keeps its time', () => {
  const late = (second: number) => second - (second % 9)
  expect(flawsOf({ seconds: 300, mediaAt: late })).toBeUndefined()
  const silent = (second: number) =>
    second > 50 && second < 69.5 ? undefined : second < 70 && second > 69 ? 50 : second
  expect(flawsOf({ seconds: 300, mediaAt: silent })).toBeUndefined()
})

test('a line that others use too for a while, with a queue of most of a second, is no clock that drifts', () => {
  const queued = (second: number) => second - (second % 300 > 250 ? 0.8 : 0)
  expect(flawsOf({ seconds: 1200, mediaAt: queued })).toBeUndefined()
})

test('media that came in one at the start is not ahead later', () => {
  expect(flawsOf({ seconds: 300, mediaAt: (second) => second + 2.5 })).toBeUndefined()
})

/** What is said first of a source that has sent so much media at each moment, or nothing new. */
function flawsOf({ seconds, mediaAt }: { seconds: number; mediaAt: (second: number) => number | undefined }) {
  let at = 0
  const judge = watchClock(() => at * 1000)
  for (; at < seconds; at += FRAME_SECONDS) {
    const media = mediaAt(at)
    const flaw = media === undefined ? undefined : judge(media)
    if (flaw) return { flaw, at }
  }
  return undefined
}
