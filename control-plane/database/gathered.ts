import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { isDatabaseAway } from './database-away.ts'

type Options = {
  /** So many rounds may be under way: while the database keeps up, nearly everyone has one of their own. */
  rounds?: number
  /** So many in one statement or transaction. */
  mostAtOnce?: number
  /** So long a round waits for others that may come: for what nobody is in a hurry to have written. */
  lingerMs?: number
  /** The same, but only when one came so shortly before: who comes alone waits for nobody. */
  busyLingerMs?: number
  /** When the database hangs, those beyond these are told so instead of being gathered in memory. */
  mostWaiting?: number
}

type Waiting<Item, Result> = {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Does together what is asked for while earlier rounds are under way: the busier the database, the more go in one, and one that
 * comes alone waits for nobody. `run` does all or none of its items and answers their results in their order; a round that the
 * database refuses is done again one by one, so that nothing is lost with what stands beside it.
 */
export function gathered<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
  { rounds = 1, mostAtOnce = 100, mostWaiting = 5000, lingerMs = 0, busyLingerMs = 0 }: Options = {},
) {
  let waiting: Waiting<Item, Result>[] = []
  let working = 0
  let lingering = false
  let cameAt = Number.NEGATIVE_INFINITY
  let isBusy = false

  async function work() {
    working += 1
    while (waiting.length > 0 && !lingering) {
      const ms = Math.max(lingerMs, isBusy ? busyLingerMs : 0)
      if (ms > 0) await linger(ms)
      const round = waiting.slice(0, mostAtOnce)
      waiting = waiting.slice(mostAtOnce)
      await settle(round)
    }
    working -= 1
  }

  /** Nobody else begins a round meanwhile. */
  async function linger(ms: number) {
    lingering = true
    await sleep(ms)
    lingering = false
  }

  function came() {
    const now = performance.now()
    isBusy = now - cameAt < busyLingerMs
    cameAt = now
  }

  async function settle(round: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(round.map(({ item }) => item))
      for (const [at, { resolve }] of round.entries()) resolve(results[at] as Result)
    } catch (error) {
      if (round.length > 1 && !isGone(error)) for (const each of round) await settle([each])
      else for (const { reject } of round) reject(error)
    }
  }

  return (item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting) return reject(new Error('Queue limit reached.'))
      waiting.push({ item, resolve, reject })
      came()
      if (working < rounds && !lingering) void work()
    })
}

/** A deadlock with another process undoes the round and is over with it. */
const isGone = (error: unknown) =>
  isDatabaseAway(error) && !(error instanceof Error && 'code' in error && error.code === 'ER_LOCK_DEADLOCK')

/** The same of what is only written. */
export const gatheredWrites = <Item>(run: (items: Item[]) => Promise<unknown>, options?: Options) =>
  gathered<Item, undefined>(async (items) => {
    await run(items)
    return items.map(() => undefined)
  }, options)
