import { expect, test } from 'vitest'
import { LANGUAGES, languageOf, textsIn } from './viewer-texts.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['es', 'es'],
  ['es-MX,es;q=0.9,en;q=0.8', 'es'],
  ['en-GB,en;q=0.9,es;q=0.8', 'en'],
  ['de-DE,de;q=0.9,es;q=0.5', 'es'],
  ['en;q=0.2, ES-419;q=0.7', 'es'],
  ['fr,es;q=0', 'en'],
  ['*', 'en'],
  [';;,q=,es;q=nonsense', 'es'],
])('who asks for %j reads %s', (accepted, language) => {
  expect(languageOf(accepted)).toBe(language)
})

test.each(LANGUAGES)('what the player is told in %s is words alone: it is sent as JSON', (language) => {
  const { player } = textsIn(language)
  expect(JSON.parse(JSON.stringify(player))).toEqual(player)
})

const places = (text: string) => text.match(/\{\w+\}/g) ?? []

test('what is filled into a sentence has its place in each language', () => {
  for (const language of LANGUAGES) {
    expect(places(textsIn(language).player.behind)).toEqual(['{seconds}'])
    expect(places(textsIn(language).landing.adrift)).toEqual(['{time}'])
  }
})

test('times are told as each language tells them', () => {
  const now = new Date('2026-11-20T12:00:00Z')
  const since = new Date('2026-11-17T12:00:00Z')
  expect(textsIn('en').landing.ago(since, now)).toBe('3 days ago')
  expect(textsIn('es').landing.ago(since, now)).toBe('hace 3 días')
})
