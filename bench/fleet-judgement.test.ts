import { expect, test } from 'vitest'
import type { Standing } from '../control-plane/reachability/standing.ts'
import { judgeFleet, type Truth } from './fleet-judgement.ts'

const NODE = 'a node'
const judge = (is: Truth, said?: Standing) => {
  const { seen, unseen, wronged } = judgeFleet(new Map([[NODE, is]]), new Map(said ? [[NODE, said]] : []))
  return [seen && 'seen', unseen && 'unseen', wronged && 'wronged'].find(Boolean)
}

test.each<[Truth, Standing | undefined, string]>([
  ['well', 'healthy', 'seen'],
  ['well', 'pending', 'unseen'],
  ['well', 'suspect', 'unseen'],
  ['well', 'unreachable', 'wronged'],
  ['well', 'offline', 'wronged'],
  ['well', 'flapping', 'wronged'],
  ['well', undefined, 'unseen'],
  ['cut off', 'suspect', 'unseen'],
  ['cut off', 'unreachable', 'seen'],
  ['cut off', 'offline', 'unseen'],
  ['dead', 'healthy', 'unseen'],
  ['dead', 'unreachable', 'unseen'],
  ['dead', 'offline', 'seen'],
])('of a node that is %s, %s is %s', (is, said, judged) => {
  expect(judge(is, said)).toBe(judged)
})

test('each node is judged once, and nobody but those asked about', () => {
  const truth = new Map<string, Truth>([
    ['one', 'well'],
    ['two', 'dead'],
    ['three', 'cut off'],
  ])
  const said = new Map<string, Standing>([
    ['one', 'healthy'],
    ['two', 'unreachable'],
    ['stranger', 'offline'],
  ])
  expect(judgeFleet(truth, said)).toEqual({ seen: 1, unseen: 2, wronged: 0 })
})

test('nobody is wronged who had fallen, is well again and is not known to be yet', () => {
  const truth = new Map<string, Truth>([['one', 'well']])
  const said = new Map<string, Standing>([['one', 'offline']])
  expect(judgeFleet(truth, said, new Set(['one']))).toEqual({ seen: 0, unseen: 1, wronged: 0 })
})
