import type { Watcher } from '../../provisioning/lab/audience.ts'
import { placeOfHost } from '../../provisioning/lab/topology.ts'
import { longestFreeze } from '../../provisioning/lab/viewing.ts'
import { sleep } from '../../shared/runtime/repeat.ts'
import { eventually } from '../system/eventually.ts'
import { type LabQuestions, ORIGIN } from './ask-lab.ts'

const LOADED_AHEAD_S = 10
/** How often somebody opens the page until he is sent where he is wanted. */
const TRIES = 12
const SETTLE_MS = 5000

/** Two who watch the same, each in his way. */
export type Audience = { low: number; buffered: number; host: string }

/** Viewers of a lab, and what they have seen. */
export function gatherViewers({ does }: Pick<LabQuestions, 'does'>) {
  async function find(number: number): Promise<Watcher> {
    const found = ((await does('seen')) as Watcher[]).find((each) => each.number === number)
    if (!found) throw new Error(`nobody watches as #${number}`)
    return found
  }

  /** Somebody who is sent to that place, when he opens the page often enough; absent when he never is. */
  async function watchAt(place: string, how: string): Promise<Watcher | undefined> {
    for (let tries = 0; tries < TRIES; tries++) {
      const watcher = (await does(`watch 6 ${ORIGIN} ${how}`.trim())) as Watcher
      const { found } = await eventually(async () => {
        const seen = await find(watcher.number)
        if (!hostOf(seen)) throw new Error('he plays nothing yet')
        return seen
      })
      if (placeOfHost(hostOf(found)) === place) return found
      await does(`leave ${watcher.number}`)
    }
    return undefined
  }

  return {
    find,
    watchAt,

    /** Two viewers at the same node, when both have settled down. */
    async gather(place: string): Promise<Audience | undefined> {
      const buffered = await watchAt(place, 'buffered')
      const low = buffered && (await watchAt(place, ''))
      if (!low) return undefined
      await eventually(async () => {
        const { last } = await find(buffered.number)
        if (!last || last.ahead < LOADED_AHEAD_S) throw new Error(`only ${last?.ahead} s are loaded ahead`)
      }, 60_000)
      await sleep(SETTLE_MS) // what a start stirs up is over
      return { low: low.number, buffered: buffered.number, host: hostOf(low) }
    },

    /** When one left a host for good, in seconds from a moment on; never, when he has not. */
    async movedAfter(number: number, host: string, since: number): Promise<number> {
      const { sources } = await find(number)
      if (sources.at(-1)?.host === host) return Number.POSITIVE_INFINITY
      const next = sources[sources.findLastIndex((source) => source.host === host) + 1]
      return Math.max(0, (next?.at ?? Number.POSITIVE_INFINITY) - since) / 1000
    },

    frozen: async (number: number, since: number, until?: number) =>
      longestFreeze(await find(number), since, until) / 1000,
  }
}

const hostOf = ({ sources }: Watcher) => sources.at(-1)?.host ?? ''
