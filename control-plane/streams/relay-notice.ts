import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { request } from 'undici'
import type { StreamViews } from './stream-view-repository.ts'

type Dependencies = {
  streamViews: Pick<StreamViews, 'list'>
  relayUrl: string
  log: Pick<Log, 'info'>
  report: (error: unknown) => void
  everyMs?: number
}

const LOOK_EVERY_MS = 3000
/** A relay may have been restarted with nothing in its cache. */
const AGAIN_MS = 10 * 60_000
const TIMEOUT_MS = 5000

/**
 * While we are away the relay lives from what it has looked up before. So it is made to look each live stream up at once,
 * not by its first viewer, who might come too late.
 */
export function startRelayNotice({
  streamViews,
  relayUrl,
  log,
  report,
  everyMs = LOOK_EVERY_MS,
}: Dependencies) {
  const stopping = new AbortController()
  let noticed = new Map<string, number>()

  async function noticeLive() {
    const live = (await streamViews.list()).filter(({ state, host }) => state === 'live' && host)
    noticed = new Map([...noticed].filter(([session]) => live.some((stream) => stream.session === session)))
    for (const { name, session = '' } of live) {
      if (performance.now() - (noticed.get(session) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) continue
      if (!(await lookedUp(`${relayUrl}/${name}/index.m3u8`, stopping.signal))) continue
      noticed.set(session, performance.now())
      log.info('the relay knows the stream', { stream: name, session })
    }
  }

  const ended = repeat(everyMs, noticeLive, stopping.signal, report)
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** False when the relay is not there, or did not find the stream: it is told again soon. It looks up a stream, and then each of its sessions. */
async function lookedUp(index: string, stopping: AbortSignal): Promise<boolean> {
  const playlist = await fetched(index, stopping)
  const [uri] = playlist?.match(/^[^#\s].*$/m) ?? []
  return uri !== undefined && (await fetched(new URL(uri, index).href, stopping)) !== undefined
}

async function fetched(url: string, stopping: AbortSignal): Promise<string | undefined> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)])
  const answer = await request(url, { signal }).catch(() => undefined)
  const text = await answer?.body.text().catch(() => undefined)
  return answer?.statusCode === 200 ? text : undefined
}
