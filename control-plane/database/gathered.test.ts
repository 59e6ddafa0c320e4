import { expect, test, vi } from 'vitest'
import { isDatabaseAway } from './database-away.ts'
import { gathered } from './gathered.ts'

/** A store whose rounds end when they are told to. */
function slowStore() {
  const rounds: { items: number[]; end: () => void; fail: (error: Error) => void }[] = []
  const run = (items: number[]) =>
    new Promise<number[]>((resolve, reject) =>
      rounds.push({ items, end: () => resolve(items.map((item) => item * 10)), fail: reject }),
    )
  const begun = (count: number) => vi.waitFor(() => expect(rounds).toHaveLength(count), { interval: 1 })
  return { rounds, run, begun }
}

test('one that comes alone waits for nobody, and those that come meanwhile go together', async () => {
  const { rounds, run, begun } = slowStore()
  const store = gathered(run)
  const [first, ...others] = [1, 2, 3].map(store)
  expect(rounds.map(({ items }) => items)).toEqual([[1]])
  rounds[0]?.end()
  expect(await first).toBe(10)
  await begun(2)
  rounds[1]?.end()
  expect(await Promise.all(others)).toEqual([20, 30])
  expect(rounds.map(({ items }) => items)).toEqual([[1], [2, 3]])
  void store(4)
  expect(rounds.at(-1)?.items).toEqual([4])
})

test('where more rounds may be under way, the first that come have one each', async () => {
  const { rounds, run, begun } = slowStore()
  const store = gathered(run, { rounds: 2 })
  const all = Promise.all([1, 2, 3, 4].map(store))
  expect(rounds.map(({ items }) => items)).toEqual([[1], [2]])
  rounds[1]?.end()
  await begun(3)
  expect(rounds[2]?.items).toEqual([3, 4])
  rounds[0]?.end()
  rounds[2]?.end()
  expect(await all).toEqual([10, 20, 30, 40])
})

test('what is in no hurry waits a little for what comes meanwhile', async () => {
  const { rounds, run, begun } = slowStore()
  const store = gathered(run, { lingerMs: 20 })
  const first = store(1)
  await Promise.resolve()
  expect(rounds).toEqual([])
  const second = store(2)
  await begun(1)
  expect(rounds[0]?.items).toEqual([1, 2])
  rounds[0]?.end()
  expect(await Promise.all([first, second])).toEqual([10, 20])
})

test('who comes shortly after another waits a little for those that come meanwhile, and who comes alone does not', async () => {
  const { rounds, run, begun } = slowStore()
  const store = gathered(run, { rounds: 3, busyLingerMs: 20 })
  const all = Promise.all([1, 2, 3].map(store))
  expect(rounds.map(({ items }) => items)).toEqual([[1]])
  await begun(2)
  expect(rounds[1]?.items).toEqual([2, 3])
  for (const round of rounds) round.end()
  expect(await all).toEqual([10, 20, 30])
})

test('no round has more than it may', async () => {
  const { rounds, run, begun } = slowStore()
  const store = gathered(run, { mostAtOnce: 2 })
  const all = Promise.all([1, 2, 3, 4].map(store))
  for (const count of [1, 2, 3]) {
    await begun(count)
    rounds[count - 1]?.end()
  }
  expect(await all).toEqual([10, 20, 30, 40])
  expect(rounds.map(({ items }) => items)).toEqual([[1], [2, 3], [4]])
})

test('what the database refuses is refused alone', async () => {
  const store = gathered(async (items: number[]) => {
    if (items.includes(3)) throw new Error('Data too long')
    return items
  })
  const settled = await Promise.allSettled([1, 2, 3, 4].map(store))
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})

test('a deadlock is tried again, a database that is away is not', async () => {
  const failing = (code: string) => Object.assign(new Error(code), { code })
  const tried = async (code: string) => {
    const rounds: number[] = []
    const store = gathered(async (items: number[]) => {
      rounds.push(items.length)
      if (items.length > 1) throw failing(code)
      return items
    })
    await Promise.allSettled([1, 2, 3].map(store))
    return rounds
  }
  expect(await tried('ER_LOCK_DEADLOCK')).toEqual([1, 2, 1, 1])
  expect(await tried('ECONNREFUSED')).toEqual([1, 2])
})

test('while the database hangs, who cannot be taken any more is told that it is away', async () => {
  const { run } = slowStore()
  const store = gathered(run, { mostWaiting: 2 })
  void store(1)
  void store(2)
  void store(3)
  const refused = await store(4).catch((error) => error)
  expect(isDatabaseAway(refused)).toBe(true)
})
