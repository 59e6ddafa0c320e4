import { PROBER } from '@sixcast/shared/contract/probe.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { Agent, request } from 'undici'
import { urlHost } from '../addresses/addresses.ts'
import { cheapestTrack, newestSegment } from './cheapest-segment.ts'

export type AskedSegment = { address: string; port: number; stream: string; manifest: string }
export type SegmentResult =
  | { is: 'fetched'; bytes: number; milliseconds: number }
  | { is: 'missed'; cause: string }

const TIMEOUT_MS = 5000
/** Two seconds of sound are 40 KB, of a small picture 400. */
const MOST_BYTES = 1024 * 1024

/** Fetches what a viewer would: from the claimed address and at his port, the newest segment of the track that costs the line least. */
export async function askSegment({ address, port, stream, manifest }: AskedSegment): Promise<SegmentResult> {
  const dispatcher = new Agent({
    connect: { timeout: TIMEOUT_MS },
    maxResponseSize: MOST_BYTES,
    keepAliveTimeout: 1,
  })
  const get = fetchFrom(dispatcher, AbortSignal.timeout(TIMEOUT_MS))
  let asked = 'the list of renditions'
  try {
    const index = new URL(`http://${urlHost(address)}:${port}/${stream}/${manifest}`)
    const track = below(index, cheapestTrack((await get(index)).toString()))
    asked = 'the playlist'
    const segment = below(track, newestSegment((await get(track)).toString()))
    asked = 'the newest segment'
    const before = performance.now()
    const { length } = await get(segment)
    return { is: 'fetched', bytes: length, milliseconds: Math.round(performance.now() - before) }
  } catch (error) {
    return { is: 'missed', cause: `Of ${stream}, ${asked} could not be fetched: ${reasonOf(error)}.` }
  } finally {
    await dispatcher.destroy()
  }
}

const fetchFrom = (dispatcher: Agent, signal: AbortSignal) => async (url: URL) => {
  const { statusCode, body } = await request(url, { dispatcher, signal, headers: { 'user-agent': PROBER } })
  const bytes = Buffer.from(await body.arrayBuffer())
  if (statusCode !== 200) throw new Error(`the node answers ${statusCode}`)
  return bytes
}

/** A node names what lies on it, and sends nobody elsewhere. */
function below(base: URL, uri: string | undefined): URL {
  if (uri === undefined) throw new Error('what the node answers names none')
  const url = new URL(uri, base)
  if (url.origin !== base.origin) throw new Error('it is said to lie on another machine')
  return url
}

const reasonOf = (error: unknown) =>
  error instanceof Error && error.name === 'TimeoutError'
    ? 'it did not come within five seconds'
    : describe(error).replace(/\.$/, '').slice(0, 150)
