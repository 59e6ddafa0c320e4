import { type Backoff, backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'

/** A source that was being opened whenever media died: so many times in all, and so many since it is suspected of it. */
export type Suspect = { name: string; died: number; rounds: number }

type Dependencies = {
  noted: (name: string, sentence: string, matter?: string) => void
  backoff: Backoff
}

/**
 * Has suspects tried in groups, one after the other: who died as often as others together with half of them, so that each death
 * halves those who may be to blame, and many who are innocent pass within two trials. Who died less often comes first.
 */
export function suspectQueue({ noted, backoff }: Dependencies) {
  const began = performance.now()
  const waiting = new Map<Suspect, () => void>()
  const tried = new Set<Suspect>()
  /** Rounds whose time has come, and how many of each are tried together. */
  const halves = new Map<number, number>()

  const waitsMs = (rounds: number) =>
    Math.max(0, began + backoffMs(rounds, backoff, () => 1) - performance.now())

  function open(round: number) {
    const all = [...waiting.keys()].filter(({ rounds }) => rounds === round)
    if (!halves.has(round)) halves.set(round, Math.ceil(all.length / 2))
    advance()
  }

  function advance() {
    const groups = groupsOf([...waiting.keys()], halves)
    if (tried.size === 0) for (const suspect of groups.shift() ?? []) begin(suspect)
    let before = tried.size
    for (const group of groups) {
      for (const suspect of group)
        tell(suspect, `when ${before === 1 ? 'another has' : `${before} others have`} been tried before it`)
      before += group.length
    }
  }

  function begin(suspect: Suspect) {
    tried.add(suspect)
    waiting.get(suspect)?.()
    waiting.delete(suspect)
  }

  function leave(suspect: Suspect) {
    waiting.delete(suspect)
    if (tried.delete(suspect) && tried.size === 0) advance()
  }

  function tell({ name, died }: Suspect, when: string) {
    const sentence = `Media has ended ${died} times in a row soon after this source was opened, maybe for another reason: it is opened again ${when}.`
    noted(name, sentence, 'trial')
  }

  return {
    /** Resolves when it is its turn, or `signal` aborts. */
    async turn(suspect: Suspect, signal: AbortSignal): Promise<void> {
      const turn = Promise.withResolvers<void>()
      const giveUp = () => {
        leave(suspect)
        turn.resolve()
      }
      waiting.set(suspect, turn.resolve)
      signal.addEventListener('abort', giveUp, { once: true })
      const ms = waitsMs(suspect.rounds)
      if (ms > 0) tell(suspect, `in ${Math.ceil(ms / 1000)} s at the earliest`)
      await sleep(ms, signal)
      open(suspect.rounds)
      await turn.promise
      signal.removeEventListener('abort', giveUp)
    },
    /** Its trial is over. */
    leave,
  }
}

/** Of those whose time has come. */
function groupsOf(suspects: Suspect[], halves: Map<number, number>): Suspect[][] {
  return [...halves]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([round, size]) => {
      const all = suspects.filter(({ rounds }) => rounds === round)
      return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
        all.slice(at * size, (at + 1) * size),
      )
    })
}
