import { expect, test } from 'vitest'
import { messageDue } from './message-due.ts'

const S = 1000
const MIN = 60 * S
const fresh = {
  ...{ begunAt: 0, joinedAt: 0, toldCount: 0, acknowledged: false },
  audible: { count: 1, severity: 'bad' as const },
}
const told = { ...fresh, toldAt: 10 * S, toldCount: 1, toldSeverity: 'bad' as const }
const many = (count: number) => ({ audible: { count, severity: 'bad' as const } })

test.each<[string, Parameters<typeof messageDue>[0], number, ReturnType<typeof messageDue>]>([
  ['what has just begun may not be all', fresh, 9 * S, undefined],
  ['when nothing has joined for ten seconds it is told', fresh, 10 * S, 'opened'],
  ['while others join they are waited for', { ...fresh, joinedAt: 15 * S }, 24 * S, undefined],
  ['but not for ever', { ...fresh, joinedAt: 29 * S }, 30 * S, 'opened'],
  ['what is silenced is not told', { ...fresh, ...many(0) }, 30 * S, undefined],
  ['what is over before it was told is not told', { ...fresh, endedAt: 5 * S }, 30 * S, undefined],
  ['what is told is told once', told, 9 * MIN, undefined],
  ['one or two more do not matter yet', { ...told, ...many(3) }, 9 * MIN, undefined],
  ['many more do', { ...told, ...many(4) }, 3 * MIN, 'grown'],
  ['but not while others join', { ...told, ...many(4), joinedAt: 3 * MIN }, 3 * MIN + 29 * S, undefined],
  ['thirty and three are not many more', { ...told, toldCount: 30, ...many(33) }, 9 * MIN, undefined],
  ['something worse does', { ...told, toldSeverity: 'warn', ...many(2) }, 30 * S, 'grown'],
  ['nothing stays untold when nothing joins any more', { ...told, ...many(2) }, 10 * MIN, 'grown'],
  ['it is told that it grew only once', { ...told, ...many(9), grownAt: 3 * MIN }, 10 * MIN, undefined],
  ['somebody who knows is not told', { ...told, ...many(9), acknowledged: true }, 10 * MIN, undefined],
  ['its end is told', { ...told, endedAt: 5 * MIN }, 5 * MIN, 'over'],
  ['also to somebody who knows', { ...told, endedAt: 5 * MIN, acknowledged: true }, 5 * MIN, 'over'],
  ['its end is told once', { ...told, endedAt: 5 * MIN, overToldAt: 5 * MIN }, 9 * MIN, undefined],
  ['of what is silenced it is noted, for nobody', { ...told, endedAt: 5 * MIN, ...many(0) }, 5 * MIN, 'over'],
])('%s', (_, telling, now, due) => {
  expect(messageDue(telling, now)).toBe(due)
})
