import { expect, test } from 'vitest'
import { autoWords, delayWords, liveLabel } from './player-words.ts'
import { english } from './texts/english.ts'
import { spanish } from './texts/spanish.ts'

test('the automatic choice says what it has come to', () => {
  expect(autoWords(english.player, undefined)).toBe('Auto')
  expect(autoWords(english.player, '720p')).toBe('Auto · 720p')
})

test.each([
  [1.449, '1.4 s'],
  [9.94, '9.9 s'],
  [12.6, '13 s'],
])('a picture that is %d s old says “%s”', (seconds, words) => {
  expect(delayWords(seconds, 'en')).toBe(words)
})

test.each<[number | undefined, boolean, string]>([
  [undefined, false, 'Live'],
  [1.5, false, 'Live, 1.5 seconds behind'],
  [25.2, true, 'Live, 25 seconds behind. Go to the live edge'],
])('%s s behind (too far: %s) is read out as “%s”', (seconds, tooFar, label) => {
  expect(liveLabel(english.player, seconds, { language: 'en', tooFar })).toBe(label)
})

test('a Spanish page has its own words and its own comma', () => {
  expect(delayWords(1.449, 'es')).toBe('1,4 s')
  expect(liveLabel(spanish.player, 1.5, { language: 'es', tooFar: true })).toBe(
    'En directo, 1,5 segundos de retraso. Ir al directo',
  )
})
