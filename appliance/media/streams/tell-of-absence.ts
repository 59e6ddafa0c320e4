import type { SessionState } from './session-state.ts'

type Dependencies = {
  /** How long a session waits for its source. */
  staleMs: number
  /** Each sentence takes the place of the one before. */
  noted: (sentence: string) => void
}

/** Says in words why a stream stands still and until when it is waited for, and afterwards how that ended. */
export function tellOfAbsence({ staleMs, noted }: Dependencies) {
  let absence: { why: string; since: number } | undefined

  function stands(why: string, since = performance.now()) {
    absence = { why, since }
    waits(why, since)
  }

  function waits(why: string, since: number) {
    noted(`${why}. The session waits for its source until ${timeIn(since + staleMs - performance.now())}.`)
  }

  function wasThere(end: (why: string, seconds: number) => string) {
    if (absence) noted(end(absence.why, Math.round((performance.now() - absence.since) / 1000)))
    absence = undefined
  }

  return {
    /** Found by this process at its start, and waiting since then. */
    takenUp: (since: number) => stands('Media of this node was started again', since),

    /** Its source came, and is waited for anew until it shows something. */
    came() {
      if (absence) waits(absence.why, performance.now())
    },

    turned(state: SessionState['name'], isConnected: boolean) {
      if (state === 'waiting')
        stands(isConnected ? 'Its source is connected, but nothing came of it' : 'Its source left')
      if (state === 'live') wasThere((why, seconds) => `${why}. The stream went on after ${seconds} s.`)
      if (state === 'ended')
        wasThere((why, seconds) => `${why}, and the stream did not go on within ${seconds} s: it has ended.`)
    },
  }
}

function timeIn(ms: number): string {
  return `${new Date(Date.now() + ms).toISOString().slice(11, 19)} UTC`
}
