import { expect, test } from 'vitest'
import { timeline } from './timeline.ts'

const at = (second: number) => new Date(second * 1000)
const seen = (second: number, words: string) => ({
  ...{ number: second, at: at(second), nodeId: 'a', kind: 'lost' as const, words },
})
const done = (second: number, outcome: string) => ({
  ...{ number: second, at: at(second), who: 'ann', source: '', deed: 'set duty', subject: 'node a', outcome },
})

test('what happened and what was done stand in one row, the latest first', () => {
  const { entries, next } = timeline(
    [seen(9, 'It fell silent.'), seen(3, 'It moved.')],
    [done(5, 'done'), done(4, 'refused')],
    10,
  )
  expect(entries.map(({ words }) => words)).toEqual([
    'It fell silent.',
    'Set duty.',
    'Set duty: refused',
    'It moved.',
  ])
  expect(next).toBeUndefined()
})

test('a page ends before what has the same time as what no longer fits', () => {
  const happened = [seen(9, 'a'), seen(5, 'b'), seen(5, 'c'), seen(1, 'd')]
  expect(timeline(happened, [], 2)).toMatchObject({ entries: [{ words: 'a' }], next: at(9) })
  expect(timeline(happened, [], 3)).toMatchObject({ entries: [{}, {}, {}], next: at(5) })
  expect(timeline([seen(5, 'b'), seen(5, 'c'), seen(5, 'd')], [], 2)).toMatchObject({
    entries: [{}, {}],
    next: at(5),
  })
})
