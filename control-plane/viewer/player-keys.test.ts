import { expect, test } from 'vitest'
import { actOf, type Focused, type PlayerAct } from './player-keys.ts'

const plain = { ctrlKey: false, altKey: false, metaKey: false, repeat: false }

test.each<[string, PlayerAct | undefined]>([
  [' ', 'play'],
  ['k', 'play'],
  ['K', 'play'],
  ['m', 'mute'],
  ['f', 'full screen'],
  ['ArrowUp', 'louder'],
  ['ArrowDown', 'softer'],
  ['l', 'live'],
  ['c', 'captions'],
  ['x', undefined],
  ['Tab', undefined],
])('the key “%s” means %s', (key, act) => {
  expect(actOf({ ...plain, key }, 'nothing')).toBe(act)
})

test.each<[string, Partial<typeof plain>, Focused]>([
  ['f', { ctrlKey: true }, 'nothing'],
  ['l', { metaKey: true }, 'nothing'],
  [' ', {}, 'button'],
  ['ArrowUp', {}, 'slider'],
  ['m', {}, 'field'],
  ['m', { repeat: true }, 'nothing'],
])('“%s” with %o while a %s has the focus is not the player’s', (key, more, focused) => {
  expect(actOf({ ...plain, ...more, key }, focused)).toBeUndefined()
})

test('volume keys may be held down', () => {
  expect(actOf({ ...plain, key: 'ArrowUp', repeat: true }, 'button')).toBe('louder')
})

test('letters reach the player from a slider', () => {
  expect(actOf({ ...plain, key: 'k' }, 'slider')).toBe('play')
})
