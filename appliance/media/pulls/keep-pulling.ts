import type { Log } from '@sixcast/shared/runtime/log.ts'
import { whyNot } from './explain-failure.ts'
import { type FoundSource, type findSources, nameOf } from './find-source.ts'
import { followPull } from './follow-pull.ts'
import type { Trial } from './order-trials.ts'
import type { Film } from './probe-pull.ts'
import type { PullSource } from './source-url.ts'

/** How an encoder of a pulled source has ended. */
export type PullEnd = { code: number; said: string }

/** The streams of this node, as far as a pulled source is a publisher to them. */
export type Stage = {
  /** `gone` aborts when the source is wanted no more. */
  feed: (pull: FoundSource & { name: string; ended: (end: PullEnd) => void; gone: AbortSignal }) => void
  starve: (name: string) => void
  finish: (name: string) => void
  isPublished: (name: string) => boolean
}

type Dependencies = {
  name: string
  source: PullSource
  sources: Pick<ReturnType<typeof findSources>, 'find'>
  stage: Stage
  noted: (name: string, sentence: string) => void
  /** Lets its source be looked at when that may be. */
  trial: Trial
  /** Told what came of each look at the source. */
  looked: (isThere: boolean) => void
  signal: AbortSignal
  log: Log
}

/** Feeds a stream from its source whenever there is one, until `signal` aborts. Resolves with whether the source is over for good. */
export function keepPulling({
  name,
  source,
  sources,
  stage,
  noted,
  trial,
  looked,
  signal,
  log,
}: Dependencies): Promise<boolean> {
  const called = nameOf(source)
  let done = new AbortController()

  /** What was opened for the last source is closed with it. */
  async function look() {
    done.abort()
    done = new AbortController()
    const found = (await trial(find)) ?? { why: `${called} is wanted no more.` }
    looked('found' in found)
    return found
  }

  /** A machine that is out of memory or files throws here: it may have some again. */
  async function find() {
    try {
      return await sources.find(source, AbortSignal.any([signal, done.signal]))
    } catch (error) {
      log.error('a source cannot be looked at', error, { stream: name })
      return { why: `${called} cannot be opened at present: this node is short of memory or files.` }
    }
  }

  async function play(found: FoundSource) {
    const over = Promise.withResolvers<PullEnd | undefined>()
    const since = performance.now()
    const abandon = () => over.resolve(undefined)
    signal.addEventListener('abort', abandon)
    stage.feed({ ...found, name, ended: over.resolve, gone: signal })
    const end = await over.promise
    signal.removeEventListener('abort', abandon) // a source may come and go for months
    stage.starve(name)
    const isWell = end?.code === 0
    const seconds = (performance.now() - since) / 1000
    return {
      isOver: isWell && (source.kind === 'file' || isPlayed(found.film, seconds)),
      why: isWell ? `${called} hung up.` : whyNot(end?.said ?? '', called),
    }
  }

  return followPull<FoundSource>({
    look,
    play,
    away: (why) => noted(name, why),
    signal,
  })
}

/** ffmpeg ends as well when the line to a film is cut. It plays as fast as it was filmed, and its length may be a guess. */
function isPlayed(film: Film | undefined, seconds: number): boolean {
  return film !== undefined && seconds >= film.seconds * 0.9
}
