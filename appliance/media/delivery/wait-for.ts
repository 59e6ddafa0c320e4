import { sleep } from '@sixcast/shared/runtime/repeat.ts'

type Waiting = {
  /** Resolves at the next change of what `there` looks at. */
  more: () => Promise<void>
  there: () => boolean
  longestMs: number
}

/** Resolves when `there` says so, or when it has lasted too long. */
export async function waitFor({ more, there, longestMs }: Waiting): Promise<void> {
  const over = new AbortController()
  let late = false
  const deadline = sleep(longestMs, over.signal).then(() => {
    late = true
  })
  try {
    while (!there() && !late) await Promise.race([more(), deadline])
  } finally {
    over.abort()
  }
}
