import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { PlayedStream } from '../ingest/play-stream.ts'
import { isAbsent, type RtmpServer } from '../ingest/rtmp-server.ts'
import type { Publisher } from '../ingest/rtmp-stat.ts'

export type PublisherId = { app: string; name: string; clientId: string }
type Present = PublisherId & { since: number; leave: AbortController }

type Dependencies = {
  rtmp: Pick<RtmpServer, 'publishers' | 'drop'>
  /** `gone` aborts when the publisher leaves. `stream` is its own if somebody joined it before the publisher did. */
  came: (publisher: PublisherId, gone: AbortSignal, stream?: PlayedStream) => void
  left: (name: string) => void
  /** Whether what is encoded of a publisher is not what it sends. */
  changed: (publisher: Publisher) => boolean
  log: Log
}

/** nginx-rtmp lists a publisher a moment after it was let in. */
const SETTLING_MS = 2000

/** Who publishes now: what the callbacks tell, put right by what nginx-rtmp lists. */
export function presentPublishers({ rtmp, log, ...told }: Dependencies) {
  const present = new Map<string, Present>()
  const gone = new Map<string, string>()

  /** Also the number of somebody who is present may come again: a restarted nginx-rtmp counts from the beginning. */
  function came({ app, name, clientId }: PublisherId, stream?: PlayedStream) {
    const before = present.get(name)
    if (before) left(before)
    const publisher = { app, name, clientId, since: performance.now(), leave: new AbortController() }
    present.set(name, publisher)
    log.info('publisher came', { stream: name })
    told.came(publisher, publisher.leave.signal, stream)
  }

  /** A publisher that was refused also leaves, and one that was replaced leaves late: only the present one counts. */
  function left({ name, clientId }: Omit<PublisherId, 'app'>) {
    const publisher = present.get(name)
    if (publisher?.clientId !== clientId) return
    present.delete(name)
    gone.set(name, clientId)
    publisher.leave.abort()
    log.info('publisher left', { stream: name })
    told.left(name)
  }

  /** Finds publishers from before our start, and misses those that nginx-rtmp took with it when it died: no callback tells of either. */
  async function reconcile() {
    const listed = await rtmp.publishers().catch((error) => {
      if (isAbsent(error)) return []
      throw error
    })
    for (const publisher of listed)
      if (!present.has(publisher.name) && gone.get(publisher.name) !== publisher.clientId) came(publisher)
    for (const publisher of [...present.values()])
      if (!listed.some(isSame(publisher)) && performance.now() - publisher.since > SETTLING_MS)
        left(publisher)
    for (const publisher of listed) if (isPresent(publisher) && told.changed(publisher)) comeAnew(publisher)
  }

  function isPresent(publisher: PublisherId) {
    return present.get(publisher.name)?.clientId === publisher.clientId
  }

  function comeAnew(publisher: Publisher) {
    const { name: stream, audio } = publisher
    log.warn(audio ? 'sound came: begins anew with it' : 'sound does not come: begins anew without', {
      stream,
    })
    came(publisher)
  }

  return {
    came,
    left,
    reconcile,
    names: () => [...present.keys()],
    appOf: (name: string) => present.get(name)?.app,
    /** When it came; undefined if it is not there. */
    since(name: string): Date | undefined {
      const publisher = present.get(name)
      return publisher && new Date(Date.now() - (performance.now() - publisher.since))
    },
    /** Sends it away; it may come again. */
    async dismiss(name: string) {
      const publisher = present.get(name)
      if (!publisher) return
      left(publisher)
      try {
        await rtmp.drop(publisher)
      } catch (error) {
        gone.delete(name) // it is still there: whoever looks next finds it anew
        throw error
      }
    },
    /** Nobody is waited for any more. */
    abandon() {
      for (const { leave } of present.values()) leave.abort()
    },
  }
}

/** The numbers of connections begin again with each nginx-rtmp, so the name counts too. */
export function isSame(one: PublisherId) {
  return (other: PublisherId) => other.name === one.name && other.clientId === one.clientId
}
