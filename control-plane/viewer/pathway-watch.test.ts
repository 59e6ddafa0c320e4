import { expect, test } from 'vitest'
import {
  dueAgain,
  judgeRound,
  type PingResult,
  preferred,
  type Spared,
  sparedOf,
  spareNow,
} from './pathway-watch.ts'

const order = ['a', 'b', 'relay']
const round = (results: Record<string, PingResult>, now = 0, present = 'a') => ({
  now,
  present,
  order,
  results: new Map(Object.entries(results)),
})
const none: Spared = new Map()

test.each<[string, Record<string, PingResult>, string | undefined, string[]]>([
  ['the present way answers', { a: 'answered' }, undefined, []],
  ['it does not, and no other was asked for long enough', { a: 'timeout' }, undefined, []],
  ['nothing answers: the line is down', { a: 'timeout', b: 'timeout', relay: 'refused' }, undefined, []],
  ['it is silent while others answer', { a: 'timeout', b: 'answered', relay: 'answered' }, 'b', ['a']],
  ['it refuses while the relay answers', { a: 'refused', relay: 'answered' }, 'relay', ['a']],
  ['two are gone', { a: 'refused', b: 'timeout', relay: 'answered' }, 'relay', ['a', 'b']],
  ['another is gone', { a: 'answered', b: 'refused' }, undefined, ['b']],
  ['a way that it has left is gone', { b: 'refused', relay: 'answered' }, undefined, ['b']],
  ['an unknown way answers', { a: 'timeout', x: 'answered' }, undefined, []],
])('when %s', (_, results, moveTo, lost) => {
  const [spared, verdict] = judgeRound(none, round(results))
  expect(verdict.moveTo).toBe(moveTo)
  expect(verdict.lost.map(({ pathway }) => pathway)).toEqual(lost)
  expect(sparedOf(spared)).toEqual(lost)
})

test('what is spared comes last, and is gone to only when nothing else answers', () => {
  const spared = spareNow(none, 'a', 0)
  expect(preferred(order, spared)).toEqual(['b', 'relay', 'a'])
  const both = round({ b: 'timeout', a: 'answered', relay: 'answered' }, 1000, 'b')
  expect(judgeRound(spared, both)[1].moveTo).toBe('relay')
  expect(judgeRound(spared, round({ b: 'timeout', a: 'answered' }, 1000, 'b'))[1].moveTo).toBe('a')
})

test('a way gets another chance when its time is over and it answers, and is spared for longer when it fails again', () => {
  const spared = spareNow(none, 'a', 0)
  expect(dueAgain(spared, 59_999)).toEqual([])
  expect(dueAgain(spared, 60_000)).toEqual(['a'])
  const [early] = judgeRound(spared, round({ a: 'answered' }, 30_000))
  expect(sparedOf(early)).toEqual(['a'])

  const [silent, { lost }] = judgeRound(spared, round({ b: 'answered', a: 'timeout' }, 60_000, 'b'))
  expect(lost, 'told once').toEqual([])
  expect(dueAgain(silent, 69_999)).toEqual([])
  expect(dueAgain(silent, 70_000)).toEqual(['a'])

  const [back] = judgeRound(silent, round({ b: 'answered', a: 'answered' }, 70_000, 'b'))
  expect(sparedOf(back)).toEqual([])
  expect(preferred(order, back)).toEqual(order)
  const again = spareNow(back, 'a', 100_000)
  expect(dueAgain(again, 219_999)).toEqual([])
  expect(dueAgain(again, 220_000)).toEqual(['a'])
})

test('it is never spared for more than a quarter of an hour or so', () => {
  let spared = none
  for (let now = 0; now < 10; now += 1) {
    spared = spareNow(spared, 'a', now * 1e7)
    spared = judgeRound(spared, round({ a: 'answered' }, now * 1e7 + 16 * 60_000))[0]
    expect(sparedOf(spared)).toEqual([])
  }
})
