import { expect, test } from 'vitest'
import { autoWords, delayWords, liveLabel } from './player-words.ts'

test('the automatic choice says what it has come to', () => {
  expect(autoWords(undefined)).toBe('Auto')
  expect(autoWords('720p')).toBe('Auto · 720p')
})

test.each([
  [1.449, '1.4 s'],
  [9.94, '9.9 s'],
  [12.6, '13 s'],
])('a picture that is %d s old says “%s”', (seconds, words) => {
  expect(delayWords(seconds)).toBe(words)
})

test.each<[number | undefined, boolean, string]>([
  [undefined, false, 'Live'],
  [1.5, false, 'Live, 1.5 seconds behind'],
  [25.2, true, 'Live, 25 seconds behind. Go to the live edge'],
])('%s s behind (too far: %s) is read out as “%s”', (seconds, behind, label) => {
  expect(liveLabel(seconds, behind)).toBe(label)
})
