import { afterEach, expect, test, vi } from 'vitest'
import { freshDatabase, silentLog } from '../../tests/setup/fresh-database.ts'
import { takeTurns } from './take-turns.ts'
import { turnRepository } from './turn-repository.ts'

const turns = turnRepository(await freshDatabase())
const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})

function process(name: string, take = turns.take) {
  const started = takeTurns({
    turns: { ...turns, take },
    name,
    log: silentLog,
    report: () => {},
    turnMs: 2000,
    everyMs: 20,
  })
  running.push(started)
  return started
}
const turnOf = (one: { isOurs: () => boolean }) =>
  vi.waitFor(() => expect(one.isOurs()).toBe(true), { timeout: 10_000, interval: 10 })

test('of several processes that begin at once exactly one has the turn, and keeps it', async () => {
  const holders = ['a', 'b', 'c', 'd']
  const taken = await Promise.all(holders.map((holder) => turns.take({ name: 'race', holder, ms: 60_000 })))
  expect(taken.filter(Boolean)).toHaveLength(1)
  for (const holder of holders)
    expect(await turns.take({ name: 'race', holder, ms: 60_000 })).toBe(taken[holders.indexOf(holder)])
})

test('when it ends in order the next has it at once', async () => {
  const first = process('order')
  await turnOf(first)
  const second = process('order')
  await first.stop()
  expect(first.isOurs()).toBe(false)
  await turnOf(second)
})

test('when it dies, or loses the database, it knows that its turn is over no later than another has it', async () => {
  let isDead = false
  const first = process('death', async (asked) => {
    if (isDead) throw new Error('connect ECONNREFUSED')
    return turns.take(asked)
  })
  await turnOf(first)
  const second = process('death')
  isDead = true
  await turnOf(second)
  expect(first.isOurs(), 'never both').toBe(false)
})

test('turns of another kind are another’s', async () => {
  const [first, second] = [process('one'), process('two')]
  await turnOf(first)
  await turnOf(second)
})
