import { whyNot } from './explain-failure.ts'
import { type FoundSource, type findSources, nameOf } from './find-source.ts'
import { followPull } from './follow-pull.ts'
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
  signal: AbortSignal
}

/** Feeds a stream from its source whenever there is one, until `signal` aborts. Resolves with whether the source is over for good. */
export function keepPulling({ name, source, sources, stage, noted, signal }: Dependencies): Promise<boolean> {
  let done = new AbortController()

  /** What was opened for the last source is closed with it. */
  function look() {
    done.abort()
    done = new AbortController()
    return sources.find(source, AbortSignal.any([signal, done.signal]))
  }

  async function play(found: FoundSource) {
    const over = Promise.withResolvers<PullEnd | undefined>()
    const abandon = () => over.resolve(undefined)
    signal.addEventListener('abort', abandon)
    stage.feed({ ...found, name, ended: over.resolve, gone: signal })
    const end = await over.promise
    signal.removeEventListener('abort', abandon) // a source may come and go for months
    stage.starve(name)
    const called = nameOf(source)
    return {
      well: end?.code === 0,
      why: end?.code === 0 ? `${called} hangs up.` : whyNot(end?.said ?? '', called),
    }
  }

  return followPull<FoundSource>({
    look,
    play,
    away: (why) => noted(name, why),
    finite: source.kind === 'file',
    signal,
  })
}
