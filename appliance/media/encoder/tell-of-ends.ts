import type { Log } from '@sixcast/shared/runtime/log.ts'
import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import type { SupervisionRules } from '@sixcast/shared/runtime/supervise-state.ts'

type Dependencies = {
  rules: Pick<SupervisionRules, 'startMs' | 'stallMs'>
  /** Told in words for people what is wrong. */
  noted: ((sentence: string, matter?: string) => void) | undefined
  log: Log
}
type End = { code: number | null; signal: string | null; failures: number }
/** What is said when the encoder is started again, and what once that shows something: perhaps never. */
type Words = { atStart: string; whenShown: string }

/** So many failures in a row are told to people. */
const A_LOOP = 5

/** Says why an encoder had to be started again, and that the stream began a new run when it did. */
export function tellOfEnds({ rules: { stallMs, startMs = stallMs }, noted, log }: Dependencies) {
  let end: End | undefined
  let silence: string | undefined
  let whenShown: string | undefined
  let hasShown = false
  let isOrdered = false

  return {
    ended({ ordered, ...found }: End & { ordered: boolean }) {
      end = ordered ? undefined : found
    },

    /** From now on it ends because nobody needs it. */
    ordered() {
      isOrdered = true
    },

    /** It is asked to end. Says why if nobody has ordered that: no picture came for too long, perhaps not even to it. */
    asked(): string | undefined {
      if (isOrdered) return undefined
      silence = `for ${(hasShown ? stallMs : startMs) / 1000} s`
      return `no picture came out of it ${silence}`
    },

    /**
     * An end counts as a failure only when the encoder is needed again: it also ends when its source has left. `reason`: why
     * the node itself had it ended.
     */
    startsAgain({ reason, lines }: { reason: string | undefined; lines: string[] }) {
      if (end && (silence || !reason)) {
        const said = maskSecrets(lines.slice(-5).join(' | '))
        log.warn('encoder failed and is started again', { ...fieldsOf(end), said })
        const words = silence ? silenceWords(silence) : endWords(end, said)
        noted?.(words.atStart, 'encoder')
        whenShown = words.whenShown
      }
      silence = undefined
      hasShown = false
    },

    /** A picture came out of it. */
    showed() {
      hasShown = true
      if (whenShown) noted?.(whenShown, 'encoder')
      whenShown = undefined
    },
  }
}

function endWords({ code, signal, failures }: End, said: string): Words {
  const end = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
  const last = said ? ` It said: ${said.slice(0, 500)}` : ''
  const loop = `Its encoder has failed ${A_LOOP} times in a row and more: it ${end}.${last}`
  return {
    atStart: failures >= A_LOOP ? loop : `Its encoder ${end} and is started again.${last}`,
    whenShown: `Its encoder ${end} and was started again, so the stream began a new run.${last}`,
  }
}

function silenceWords(silence: string): Words {
  const what = `No picture came out of its encoder ${silence}: it`
  return {
    atStart: `${what} is started again.`,
    whenShown: `${what} was started again, so the stream began a new run.`,
  }
}

function fieldsOf({ code, signal, failures }: End) {
  return { ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }), failures }
}
