import { isDiskFull } from '@sixcast/shared/runtime/atomic-file.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { NoPlaylist } from './origin-playlist.ts'

type Dependencies = {
  stream: string
  from: () => string
  /** Told in words for people what is wrong; what is said later of the same matter takes the place of it. */
  noted: (stream: string, what: string, matter?: string) => void
  log: Log
  now?: () => number
}

/** Says in words what keeps a copy from going on, once, and afterwards how long it did. `of` is what failed: a track, say. */
export function tellOfCopy({ stream, from, noted, log, now = () => performance.now() }: Dependencies) {
  const failing = new Set<string>()
  let trouble: { why: string; since: number } | undefined

  return {
    failed(of: string, error: unknown) {
      failing.add(of)
      const why = whyOf(error, from())
      if (trouble?.why === why) return
      trouble = { why, since: trouble?.since ?? now() }
      log.warn('a copy does not go on', { stream, from: from(), cause: describe(error) })
      noted(stream, `${why} What was copied is shown on, and it is tried again.`, 'copy')
    },
    heard(of: string) {
      failing.delete(of)
      if (!trouble || failing.size > 0) return
      const seconds = Math.round((now() - trouble.since) / 1000)
      log.info('a copy goes on', { stream, from: from(), seconds })
      noted(stream, `${trouble.why} The copy went on after ${seconds} s.`, 'copy')
      trouble = undefined
    },
  }
}

function whyOf(error: unknown, from: string): string {
  if (isDiskFull(error)) return 'The memory for live media is full: stream less at once, or give it more.'
  if (error instanceof NoPlaylist)
    return `What ${from} serves is refused: ${error.message}. Bring both nodes to the same release.`
  return `It is copied from ${from}, which does not serve it now: ${describe(error)}.`
}
