import { expect, test } from 'vitest'
import { type Situation, sentenceFor } from './sentence.ts'
import { english } from './texts/english.ts'

const { player: words } = english

const good: Situation = { still: false, online: true, state: 'live', matter: '', failures: 0 }
const away: Situation = { ...good, still: true, state: 'waiting', matter: 'away' }

test.each<[string, Situation, string]>([
  ['a picture that moves', good, ''],
  ['a picture that still moves, though the encoder is away', { ...away, still: false }, ''],
  ['a picture that is just about to come', { ...good, still: true }, ''],
  ['one failure, which the next attempt may mend', { ...good, still: true, failures: 1 }, ''],
  ['a live stream that cannot be had', { ...good, still: true, failures: 2 }, words.unreachable],
  ['a live stream that nobody can fetch', { ...good, still: true, matter: 'unreached' }, 'unreached'],
  ['an encoder that is away', away, 'away'],
  ['an encoder that is away, after vain attempts', { ...away, failures: 9 }, 'away'],
  ['a device without a connection', { ...away, online: false }, words.offline],
])('for %s the words on it are right', (_, situation, sentence) => {
  expect(sentenceFor(words, situation)).toBe(sentence)
})
