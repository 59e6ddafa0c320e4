import type { MediaLimits } from '@sixcast/shared/contract/configuration.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'

/** Media speaks every two seconds, and again at once when it is told something new. */
const WITHIN_MS = 6000

/** What media was asked to honour, and what it says that it does. */
export function mediaLimits({ withinMs = WITHIN_MS } = {}) {
  let heard = new AbortController()
  let honoured: MediaLimits | undefined

  return {
    /** Media has spoken. One of an older release says nothing of limits. */
    heard(limits: MediaLimits | undefined) {
      honoured = limits
      heard.abort()
      heard = new AbortController()
    },

    /** Resolves when media honours them, or has had time enough to. */
    async taken(limits: MediaLimits): Promise<'taken' | 'unknown' | 'silent'> {
      const until = performance.now() + withinMs
      let words = 0
      while (performance.now() < until) {
        const { signal } = heard
        await sleep(until - performance.now(), signal)
        if (!signal.aborted) break
        words += 1
        if (isSame(honoured, limits)) return 'taken'
      }
      return words > 0 ? 'unknown' : 'silent'
    },
  }
}

const isSame = (one: MediaLimits | undefined, other: MediaLimits) =>
  one !== undefined &&
  one.tallestQuality === other.tallestQuality &&
  one.mostRenditions === other.mostRenditions &&
  one.mostStreams === other.mostStreams
