import { sleep } from '@sixcast/shared/runtime/repeat.ts'

type Waiting = {
  /** Resolves at the next change of what `there` looks at, or when its signal aborts. */
  more: (signal: AbortSignal) => Promise<void>
  there: () => boolean
  longestMs: number
}

/** Resolves when `there` says so, or when it has lasted too long. */
export async function waitFor({ more, there, longestMs }: Waiting): Promise<void> {
  const over = new AbortController()
  void sleep(longestMs, over.signal).then(() => over.abort())
  try {
    while (!there() && !over.signal.aborted) await more(over.signal)
  } finally {
    over.abort()
  }
}
