import { repeat } from '../../shared/runtime/repeat.ts'
import {
  manifestChanges,
  manifestFaults,
  misplacedBy,
  type Promised,
  promisedSegments,
} from './check-manifest.ts'
import { type Manifest, type Period, parseManifest, type Representation } from './parse-manifest.ts'

/** What a player that asks for everything has seen of a DASH stream. */
export type ManifestObservations = {
  /** Each once, however often it was seen. */
  faults: Set<string>
  last: Manifest | undefined
  /** By representation: how many segments came, and how many of them while they grew. */
  segments: Map<string, { whole: number; growing: number }>
  periods: Set<string>
}

const LOOK_EVERY_MS = 500
const LONGEST_ANSWER_MS = 6000
/** A part is never shorter than 200 ms. */
const GROWTH_MS = 150

/** Follows a manifest and all that it promises, until the stream has ended or `signal` aborts. */
export async function followManifest(url: string, signal: AbortSignal): Promise<ManifestObservations> {
  const observed: ManifestObservations = {
    faults: new Set(),
    last: undefined,
    segments: new Map(),
    periods: new Set(),
  }
  const files = promiseKeeper(url, observed)
  const over = new AbortController()
  await repeat(LOOK_EVERY_MS, look, AbortSignal.any([signal, over.signal]), (error) => {
    observed.faults.add(String(error))
  })
  await files.settled()
  return observed

  async function look() {
    const manifest = parseManifest(await (await get(url)).text())
    for (const fault of manifestFaults(manifest)) observed.faults.add(fault)
    for (const fault of observed.last ? manifestChanges(observed.last, manifest) : [])
      observed.faults.add(fault)
    observed.last = manifest
    for (const { id } of manifest.periods) observed.periods.add(id)
    files.ask(manifest, manifest.clock ? await timeOf(manifest.clock.url) : 0)
    if (manifest.type === 'static') over.abort()
  }

  /** Nothing while nobody answers: the same clock goes on in the player. */
  async function timeOf(clock: string): Promise<number> {
    const response = await get(new URL(clock, url).href).catch(() => undefined)
    return response ? Date.parse(await response.text()) : Number.NaN
  }
}

/**
 * Fetches each promised segment once. A source that is gone is foreseen by nobody: what did not come may have lain behind the
 * end of its Period, if the manifest says so later.
 */
function promiseKeeper(manifestUrl: string, { faults, segments }: ManifestObservations) {
  const asked = new Set<string>()
  const missing = new Map<Promised, string>()
  const pending = new Set<Promise<void>>()

  function ask(manifest: Manifest, now: number) {
    judgeMissing(manifest)
    for (const { representations } of manifest.periods)
      for (const one of representations)
        once(one.init, () => readInit(one).catch((error: unknown) => void faults.add(String(error))))
    for (const promised of promisedSegments(manifest, now))
      once(promised.uri, () =>
        readSegment(promised).catch((error: unknown) => void missing.set(promised, String(error))),
      )
  }

  function once(uri: string, read: () => Promise<void>) {
    if (!asked.has(uri)) start(read)
    asked.add(uri)
  }

  function start(read: () => Promise<void>) {
    const reading: Promise<void> = read().finally(() => pending.delete(reading))
    pending.add(reading)
  }

  /** What broke off must be there when it is asked for again. */
  function judgeMissing({ periods }: Manifest) {
    for (const promised of missing.keys()) {
      const period = periods.find(({ id }) => id === promised.period)
      if (period && period.duration === undefined) continue
      missing.delete(promised)
      if (period && isBefore(promised, period.duration ?? 0, period))
        start(() => readSegment(promised).catch((error: unknown) => tell(promised, error)))
    }
  }

  const tell = ({ uri }: Promised, reason: unknown) => void faults.add(`${uri} was promised, but: ${reason}`)

  async function readInit({ id, init, kind, timescale }: Representation) {
    const bytes = Buffer.from(await (await get(new URL(init, manifestUrl).href)).arrayBuffer())
    const header = bytes.indexOf('mdhd') + 4
    const scale = bytes.readUInt32BE(header + (bytes[header] === 1 ? 20 : 12))
    if (!bytes.includes(kind === 'video' ? 'avcC' : 'mp4a')) faults.add(`the init of ${id} is of no ${kind}`)
    if (scale !== timescale) faults.add(`the init of ${id} counts ${scale} a second, not ${timescale}`)
  }

  async function readSegment(promised: Promised) {
    const { uri, representation, growing } = promised
    const { bytes, inPieces } = await readAsItComes(new URL(uri, manifestUrl).href)
    const off = misplacedBy(promised, tfdtOf(bytes))
    if (off !== undefined) faults.add(`${uri} begins ${off} s off its place`)
    const count = segments.get(representation.id) ?? { whole: 0, growing: 0 }
    count.whole += 1
    count.growing += Number(growing && inPieces)
    segments.set(representation.id, count)
  }

  return {
    ask,
    async settled() {
      while (pending.size) await Promise.all(pending)
      for (const [promised, reason] of missing) tell(promised, reason)
    },
  }
}

function isBefore({ representation, number }: Promised, duration: number, { representations }: Period) {
  const now = representations.find(({ id }) => id === representation.id) ?? representation
  return ((number - now.startNumber) * now.segmentDuration) / now.timescale < duration
}

/** Whether some of it came clearly before the rest. */
async function readAsItComes(url: string) {
  const { body } = await get(url)
  if (!body) throw new Error(`${url} is empty`)
  const chunks: Uint8Array[] = []
  const times: number[] = []
  for await (const chunk of body) {
    chunks.push(chunk)
    times.push(performance.now())
  }
  return { bytes: Buffer.concat(chunks), inPieces: Number(times.at(-1)) - Number(times[0]) > GROWTH_MS }
}

/** In its timescale: the first `tfdt` of the file, of version 1. */
function tfdtOf(bytes: Buffer): number {
  const at = bytes.indexOf('tfdt')
  return at < 0 ? Number.NaN : Number(bytes.readBigUInt64BE(at + 8))
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_ANSWER_MS) })
  if (response.status !== 200) throw new Error(`${new URL(url).pathname} is answered ${response.status}`)
  return response
}
