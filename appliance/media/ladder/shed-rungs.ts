import { nextShed, nothingShed, type Reading } from './shed-state.ts'

type Dependencies = {
  /** Told in words for people of each change. */
  noted: (sentence: string) => void
  /** Why the machine is slower than it could be, if it says so. */
  throttled?: (() => string | undefined) | undefined
  now?: () => number
}

/** Sheds the costliest rungs of a session while its node is too slow for them. It decides nothing: shed-state.ts does. */
export function shedRungs({
  noted,
  throttled = () => undefined,
  now = () => performance.now(),
}: Dependencies) {
  let state = nothingShed(now())

  return {
    /** How many rungs are not encoded, from the best down. */
    count: () => state.shed,
    /** A new encoder begins with what the last one was left with. */
    began() {
      state = { ...state, behind: undefined, changedAt: now() }
    },
    /** Whether the rungs change by this reading, so that the encoder must begin a new run. `ids`: all that the source fills. */
    read(reading: Reading, ids: string[]): boolean {
      const before = state.shed
      const [next, action] = nextShed(state, reading, { now: now(), rungs: ids.length })
      state = next
      if (action === 'shed') noted(shedSentence(ids, before, throttled()))
      if (action === 'restore') noted(`${nameOf(ids[next.shed])} is encoded again, on trial.`)
      return action !== 'none'
    },
  }
}

function shedSentence(ids: string[], at: number, why: string | undefined): string {
  const [shed, next] = [nameOf(ids[at]), nameOf(ids[at + 1])]
  const reason = why ? `because ${why}` : 'beside what else it does'
  const viewers = at > 0 ? `${shed} and above` : shed
  return `${shed} is not encoded since ${clock()}: this node cannot do it in real time ${reason}. Viewers of ${viewers} see ${next}.`
}

function clock(): string {
  return `${new Date().toISOString().slice(11, 16)} UTC`
}

function nameOf(id = ''): string {
  return `${id.slice(1)}p`
}
