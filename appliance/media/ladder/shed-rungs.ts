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
  let copying = false

  return {
    /** How many rungs are not encoded, from the best down. */
    count: () => state.shed,
    /** A new encoder begins with what the last one was left with. */
    began() {
      state = { ...state, behind: undefined, changedAt: now() }
    },
    /** Whether the best rung is copied: that is as much relief as if it were shed, and as much burden when it is encoded again. */
    copies(copied: boolean) {
      if (copied !== copying && state.shed > 0) state = { ...state, shed: state.shed + (copied ? -1 : 1) }
      copying = copied
    },
    /**
     * Whether the rungs change by this reading, so that the encoder must begin a new run. `ids`: all that the source fills and
     * that are not copied. `copyable`: the best of them, if a new run can show it as the source sends it.
     */
    read(reading: Reading, ids: string[], copyable: () => string | undefined = () => undefined): boolean {
      const before = state.shed
      const [next, action] = nextShed(state, reading, { now: now(), rungs: ids.length })
      state = next
      if (action === 'shed') noted(copySentence(copyable()) ?? shedSentence(ids, before, throttled()))
      if (action === 'restore') noted(`${nameOf(ids[next.shed])} is encoded again, on trial.`)
      return action !== 'none'
    },
  }
}

function shedSentence(ids: string[], at: number, why: string | undefined): string {
  const [shed, next] = [nameOf(ids[at]), nameOf(ids[at + 1])]
  const reason = why ? `because ${why}` : 'beside what else it does'
  const viewers = ids
    .slice(0, at + 1)
    .map(nameOf)
    .join(', ')
  return `${shed} is not encoded: this node cannot do it in real time ${reason}. Viewers of ${viewers} see ${next}.`
}

function copySentence(id: string | undefined): string | undefined {
  return (
    id &&
    `${nameOf(id)} is shown as its source sends it: this node cannot encode it in real time beside what else it does.`
  )
}

function nameOf(id = ''): string {
  return `${id.slice(1)}p`
}
