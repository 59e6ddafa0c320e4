import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Flaw } from '../packager/package-run.ts'
import type { Published } from '../packager/package-session.ts'
import type { NoteProblem } from './stream-problems.ts'

/** Told of what is brought out, of what had to go before its time, and of what went in time. */
export type Observe = {
  part: (part: { stream: string; rendition: string; seconds: number; bytes: number }) => void
  segment: (segment: { stream: string; rendition: string }) => void
  dropped: (dropped: { stream: string; rendition: string; segments: number }) => void
  cleaned: (segments: number) => void
}

type Dependencies = {
  name: string
  session: string
  observe: Observe
  /** Told in words for people what is wrong. */
  noted?: NoteProblem
  log: Log
}

/** Once it is full, something goes with every segment. */
const SAY_AGAIN_MS = 60_000

/** What happens in a session, to those who count it and in words to those who read it. */
export function tellOfSession({ name, session, observe, log, ...dependencies }: Dependencies) {
  let saidFullAt = Number.NEGATIVE_INFINITY
  let cause: Flaw | undefined

  function noted(sentence: string, matter?: string) {
    log.warn(sentence, { stream: name, session })
    dependencies.noted?.(name, sentence, matter)
  }

  return {
    noted,
    published({ seconds, whole, parts }: Published) {
      for (const { rendition, bytes } of parts) {
        observe.part({ stream: name, rendition, seconds, bytes })
        if (whole) observe.segment({ stream: name, rendition })
      }
    },
    full(dropped: { rendition: string; segments: number }[]) {
      for (const each of dropped) observe.dropped({ stream: name, ...each })
      if (performance.now() - saidFullAt < SAY_AGAIN_MS) return
      saidFullAt = performance.now()
      noted(
        'The memory for live media is full: the oldest segments are dropped. Stream less at once, or give it more.',
      )
    },
    cleaned: observe.cleaned,
    broken(flaw: Flaw) {
      log.warn('run cannot go on', { stream: name, session, reason: flaw })
      cause = flaw
    },
    /** A run began, perhaps long after the one before could not go on. */
    began() {
      if (cause) dependencies.noted?.(name, `The stream began a new run: ${cause}.`)
      cause = undefined
    },
  }
}
