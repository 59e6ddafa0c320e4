import type { PingResult } from './pathway-watch.ts'

/** The present way hesitates: the others are asked as well, so that it is known when it has failed whether it alone has. */
const HESITATES_MS = 400
const SILENT_MS = 1000
/** Timers of a hidden page are late by a second, those of a device that slept by hours: then nothing was learnt. */
const LATEST_MS = 2500
/** So long the best of the others may answer after the first of them. */
const GRACE_MS = 150

type Question = {
  present: string
  others: string[]
  /** Those of the others that are asked in any case. */
  again: string[]
  urlOf: (pathway: string) => string | undefined
  /** Media has come from the present way since it was asked: then it is there, whatever became of the question. */
  arrived: () => boolean
}

/** Asks ways for a sign of life at the very host and port that media comes from. */
export async function askWays({ present, others, again, urlOf, arrived }: Question) {
  const results = new Map<string, PingResult>()
  const ending = new AbortController()
  async function ask(pathway: string) {
    const url = urlOf(pathway)
    const result = url && (await ping(url, ending.signal))
    if (result && !ending.signal.aborted) results.set(pathway, result)
  }

  const asked = ask(present)
  const askedAgain = again.map(ask)
  await Promise.race([asked, wait(HESITATES_MS)])
  if (results.get(present) === 'answered') await Promise.all(askedAgain)
  else {
    const rest = [...askedAgain, ...others.filter((pathway) => !again.includes(pathway)).map(ask)]
    await asked
    if (results.has(present) && arrived()) results.set(present, 'answered')
    if (results.get(present) !== 'answered') await Promise.race([Promise.all(rest), firstOf(rest, results)])
  }
  ending.abort()
  return results
}

async function firstOf(asked: Promise<void>[], results: Map<string, PingResult>) {
  const answers = asked.map(async (each) => {
    await each
    if (![...results.values()].includes('answered')) throw new Error('not yet')
  })
  await Promise.any(answers).then(
    () => wait(GRACE_MS),
    () => {},
  )
}

/** Any answer is a sign of life. A simple request of no page's business: no cookie, no preflight, nothing from a cache. */
async function ping(url: string, ending: AbortSignal): Promise<PingResult | undefined> {
  const beganAt = performance.now()
  const asking = new AbortController()
  const stop = () => asking.abort()
  ending.addEventListener('abort', stop)
  const timer = setTimeout(stop, SILENT_MS)
  try {
    await fetch(url, { cache: 'no-store', credentials: 'omit', signal: asking.signal })
    return 'answered'
  } catch {
    if (performance.now() - beganAt > LATEST_MS) return undefined
    return asking.signal.aborted ? 'timeout' : 'refused'
  } finally {
    clearTimeout(timer)
    ending.removeEventListener('abort', stop)
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
