import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { Agent, request } from 'undici'
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
/** Of a playlist, which comes from a node in the end. */
const MOST_BYTES = 64 * 1024

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
  const dispatcher = new Agent({ maxResponseSize: MOST_BYTES })
  let noticed = new Map<string, number>()

  async function noticeLive() {
    const live = (await streamViews.list()).filter(({ state, host }) => state === 'live' && host)
    noticed = new Map([...noticed].filter(([session]) => live.some((stream) => stream.session === session)))
    for (const { name, session = '' } of live) {
      if (performance.now() - (noticed.get(session) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) continue
      if (!(await lookedUp(`${relayUrl}/${name}/index.m3u8`, { stopping: stopping.signal, dispatcher })))
        continue
      noticed.set(session, performance.now())
      log.info('the relay knows the stream', { stream: name, session })
    }
  }

  const ended = repeat(everyMs, noticeLive, stopping.signal, report)
  return {
    async stop() {
      stopping.abort()
      await ended
      await dispatcher.destroy()
    },
  }
}

type Way = { stopping: AbortSignal; dispatcher: Agent }

/** False when the relay is not there, or did not find the stream: it is told again soon. It looks up a stream, and then each of its sessions. */
async function lookedUp(index: string, way: Way): Promise<boolean> {
  const found = await ask(index, way)
  const playlist = await found?.body.text().catch(() => undefined)
  const rendition = playlist && firstRendition(playlist, index)
  if (!rendition) return false
  const answer = await ask(rendition, way)
  await answer?.body.dump({ limit: MOST_BYTES })
  return answer !== undefined
}

/** Absent when it lies outside the stream's own folder on the relay: a node wrote it, and must not choose where we knock. */
function firstRendition(playlist: string, index: string): string | undefined {
  const [uri = ''] = playlist.match(/^[^#\s].*$/m) ?? []
  const href = uri ? URL.parse(uri, index)?.href : undefined
  return href?.startsWith(new URL('.', index).href) ? href : undefined
}

async function ask(url: string, { stopping, dispatcher }: Way) {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(TIMEOUT_MS)])
  const answer = await request(url, { signal, dispatcher }).catch(() => undefined)
  if (answer?.statusCode === 200) return answer
  await answer?.body.dump({ limit: MOST_BYTES })
  return undefined
}
