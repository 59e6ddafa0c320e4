import { Problem } from '@sixcast/shared/contract/problem.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { CopyRepository } from './copy-repository.ts'
import { type KnownCopy, type LiveStream, liveStreams } from './live-streams.ts'

export type FleetSnapshot = ReturnType<typeof fleetSnapshot>

export type Snapshot = { readAt: number; names: Set<string>; streams: Map<string, LiveStream> }

type Dependencies = {
  copies: Pick<CopyRepository, 'listKnown' | 'listNames'>
  /** Told once when reading begins to fail, not at each further failure. */
  report: (error: unknown) => void
  now?: () => Date
}

/** Younger than this it is given as it is. */
const FRESH_MS = 1000
/** So old it is still given, and read anew behind the back of whoever asks. */
const GIVEN_MS = 2000
/** So long somebody whom an older answer helps waits for a database that does not answer, and so long whoever else. */
const PATIENCE_MS = 1000
const LAST_PATIENCE_MS = 4000
/** So long the last word of nodes holds that could not tell us another. */
const HELD_MS = 30_000
/** Who was last heard before this is not held: nobody knows what has become of him. */
const FORGOTTEN_MS = 10 * 60_000
/** More than a report lives. Who fell silent within it before everybody else did may have been going on. */
const LAST_WORDS_MS = 10_000

/** What is live where, read at most once a second, while somebody asks. */
export function fleetSnapshot({ copies, report, now = () => new Date() }: Dependencies) {
  let latest: Snapshot | undefined
  let reading: Promise<void> | undefined
  let triedAt = Number.NEGATIVE_INFINITY
  let failed = false
  /** Since when nodes can tell us again what they have, and who was there until then. */
  let listening: { since: Date; heardAfter: Date } | undefined

  async function read() {
    const at = now()
    const [known, names] = await Promise.all([
      copies.listKnown(new Date(at.getTime() - FORGOTTEN_MS)),
      copies.listNames(),
    ])
    listening ??= { since: at, heardAfter: lastWords(known) }
    const held = known.map((copy) => hold(copy, listening, at))
    latest = { readAt: at.getTime(), names: new Set(names), streams: liveStreams(held, at) }
    failed = false
  }

  function lost(error: unknown) {
    if (!failed) report(error)
    failed = true
    listening = undefined
  }

  function refresh() {
    if (reading || now().getTime() - triedAt < FRESH_MS) return reading
    triedAt = now().getTime()
    reading = read()
      .catch(lost)
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  const age = () => (latest ? now().getTime() - latest.readAt : Number.POSITIVE_INFINITY)

  /** The last one that could be read, however old; absent when there has never been any. */
  async function lastKnown(): Promise<Snapshot | undefined> {
    if (age() < FRESH_MS) return latest
    const refreshed = refresh()
    // Nobody waits for a database that is away if an older answer helps him.
    if (age() >= GIVEN_MS && !(failed && latest)) await Promise.race([refreshed, sleep(PATIENCE_MS)])
    return latest
  }

  return {
    lastKnown,
    /** One that new viewers may be sent by. */
    async present(): Promise<Snapshot> {
      await lastKnown()
      if (reading && age() >= HELD_MS) await Promise.race([reading, sleep(LAST_PATIENCE_MS)])
      if (latest && age() < HELD_MS) return latest
      throw new Problem('unavailable', 'The database does not answer. Try again in some seconds.')
    },
  }
}

/** From then on a node was heard for as long as anybody was heard. */
const lastWords = (known: KnownCopy[]) =>
  new Date(Math.max(0, ...known.map(({ livesUntil }) => livesUntil.getTime())) - LAST_WORDS_MS)

/** Nobody has fallen silent while nobody listened: their word holds until they have had time for another. */
function hold(
  copy: KnownCopy,
  listening: { since: Date; heardAfter: Date } | undefined,
  now: Date,
): KnownCopy {
  if (!listening || now.getTime() - listening.since.getTime() >= HELD_MS) return copy
  if (copy.livesUntil > now || copy.livesUntil < listening.heardAfter) return copy
  return { ...copy, livesUntil: new Date(now.getTime() + FRESH_MS) }
}
