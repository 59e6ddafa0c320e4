import { remember } from '@sixcast/shared/runtime/remember.ts'
import type { StreamView } from '../streams/stream-view.ts'

type Dependencies = {
  /** Where we reach the relay ourselves, for nodes that we do not reach. */
  relayUrl?: string | undefined
  ask?: typeof fetch
  now?: () => number
}
/** `cameAt`: absent while it is on its way. */
type Asked = { picture: Promise<Buffer | undefined>; cameAt?: number }

/** Nodes make one every four seconds, and pages ask as often: together they are ten seconds behind at most. */
export const FRESH_MS = 2000
const PATIENCE_MS = 2500
const MOST_BYTES = 512 * 1024
const MOST_STREAMS = 100

/** The live pictures for who cannot ask a node himself (a crawler, a page whose line does not reach it): one copy of each, and one question at a time. */
export function livePictures({ relayUrl, ask = fetch, now = Date.now }: Dependencies) {
  const asked = new Map<string, Asked>()

  /** Straight from the node where probes have found it, else through the relay. */
  async function fetchPicture({ name, host }: StreamView): Promise<Buffer | undefined> {
    for (const base of [host && `http://${host}`, relayUrl]) {
      const picture = base && (await read(`${base}/${name}/thumbnail.jpg`))
      if (picture) return picture
    }
    return undefined
  }

  async function read(url: string): Promise<Buffer | undefined> {
    try {
      const answer = await ask(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) })
      return answer.ok ? await jpegIn(answer) : void (await answer.body?.cancel())
    } catch {
      return undefined // a node that does not answer has no picture for now
    }
  }

  return {
    /** Absent while it is not live, or nobody has one. */
    of(stream: StreamView): Promise<Buffer | undefined> {
      if (stream.state !== 'live') return Promise.resolve(undefined)
      const present = asked.get(stream.name)
      if (present && now() - (present.cameAt ?? now()) < FRESH_MS) return present.picture
      const next: Asked = { picture: fetchPicture(stream) }
      remember(asked, stream.name, next, MOST_STREAMS)
      return next.picture.finally(() => {
        next.cameAt = now()
      })
    },
  }
}

/** Whatever else a node may answer with is not handed on under our name. */
async function jpegIn({ headers, body }: Response): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  const picture = Buffer.concat(chunks)
  const isJpeg = picture.toString('latin1', 0, 3) === '\xff\xd8\xff'
  return isJpeg && headers.get('content-type') === 'image/jpeg' ? picture : undefined
}
