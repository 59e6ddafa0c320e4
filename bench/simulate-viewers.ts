import { statSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { gunzipSync } from 'node:zlib'
import { Client } from 'undici'
import { sleep } from '../shared/runtime/repeat.ts'
import { type ListedPart, listedParts, partsAfter, waitFor } from './low-latency-parts.ts'

// Low-latency viewers in a process of their own: node bench/simulate-viewers.ts ORDER. Each waits for the playlist with the next
// part of one track, then fetches that part. Says its tally as JSON when it is over.
export type ViewersOrder = {
  origin: string
  /** Path of the session on the node, and its folder there. */
  path: string
  folder: string
  track: string
  viewers: number
  /** They come one after the other until then, and are measured from `from` to `until`. In ms since 1970. */
  comeUntil: number
  from: number
  until: number
}

export type ViewersTally = {
  /** From a part's file to the end of the playlist that names it, at the viewer. */
  playlistMs: number[]
  partMs: number[]
  /** Playlists that came without anything new. */
  unchanged: number
  errors: Record<string, number>
  /** How late this process itself was at times. */
  ownDelayMs: number
  cpuSeconds: number
}

const order: ViewersOrder = JSON.parse(process.argv[2] ?? '')
const { origin, path, folder, track, comeUntil, from, until } = order
const tally: ViewersTally = {
  playlistMs: [],
  partMs: [],
  unchanged: 0,
  errors: {},
  ownDelayMs: 0,
  cpuSeconds: 0,
}
const ownDelay = monitorEventLoopDelay({ resolution: 5 })
const parsed = new Map<string, ListedPart[]>()
const writtenAt = new Map<string, number>()

const startedAt = Date.now()
const coming = Array.from({ length: order.viewers }, async (_, at) => {
  await sleep(((comeUntil - startedAt) * at) / order.viewers)
  await view()
})
await sleep(from - Date.now())
ownDelay.enable()
const before = process.cpuUsage()
await sleep(until - Date.now())
const { user, system } = process.cpuUsage(before)
tally.ownDelayMs = ownDelay.percentile(99) / 1e6
tally.cpuSeconds = (user + system) / 1e6
await Promise.all(coming)
process.stdout.write(JSON.stringify(tally))

async function view(): Promise<void> {
  const client = new Client(origin, { headersTimeout: 10_000, bodyTimeout: 10_000, keepAliveTimeout: 60_000 })
  let seen: ListedPart | undefined
  while (Date.now() < until)
    try {
      seen = await step(client, seen)
    } catch (error) {
      count(error instanceof Error ? error.message : String(error))
      await sleep(500)
    }
  await client.destroy()
}

/** One playlist, and what it brings. */
async function step(client: Client, seen: ListedPart | undefined): Promise<ListedPart | undefined> {
  const news = partsAfter(seen, await readPlaylist(client, `${track}.m3u8${seen ? `?${waitFor(seen)}` : ''}`))
  const now = Date.now()
  const [awaited] = news
  if (awaited && seen && measuring()) tally.playlistMs.push(now - whenWritten(awaited.uri))
  if (!awaited && measuring()) tally.unchanged += 1
  for (const { uri } of news) {
    const askedAt = performance.now()
    await get(client, uri, false)
    if (measuring()) tally.partMs.push(performance.now() - askedAt)
  }
  return news.at(-1) ?? seen
}

/** As browsers do it, packed. The same bytes come to all who wait for the same part: unpacked and read once. */
async function readPlaylist(client: Client, file: string): Promise<ListedPart[]> {
  const body = await get(client, file, true)
  const key = body.toString('latin1')
  const known = parsed.get(key)
  if (known) return known
  const packed = body[0] === 0x1f && body[1] === 0x8b
  const parts = listedParts((packed ? gunzipSync(body) : body).toString())
  if (parsed.size > 100) parsed.clear()
  parsed.set(key, parts)
  return parts
}

function get(client: Client, file: string, kept: boolean): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let status = 0
  const headers = kept ? { 'accept-encoding': 'gzip' } : {}
  client.dispatch(
    { method: 'GET', path: `${path}/${file}`, headers },
    {
      onRequestStart() {},
      onResponseStart(_, statusCode) {
        status = statusCode
      },
      onResponseData(_, chunk) {
        if (kept) chunks.push(chunk)
      },
      onResponseEnd() {
        if (status === 200) resolve(Buffer.concat(chunks))
        else reject(new Error(`${kept ? 'playlist' : 'part'}: ${status}`))
      },
      onResponseError(_, error) {
        reject(error)
      },
    },
  )
  return promise
}

/** A part is published when its file is there, by the clock of the same machine. */
function whenWritten(uri: string): number {
  const at = writtenAt.get(uri) ?? statSync(join(folder, uri)).mtimeMs
  writtenAt.set(uri, at)
  return at
}

function measuring(): boolean {
  const now = Date.now()
  return now >= from && now < until
}

function count(error: string) {
  tally.errors[error] = (tally.errors[error] ?? 0) + 1
}
