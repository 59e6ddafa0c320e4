import { createHash } from 'node:crypto'
import { sleep } from '../../shared/runtime/repeat.ts'
import { changesOf, faultsOf } from './check-playlist.ts'
import { type Playlist, parseAttributes, parsePlaylist, type Segment } from './parse-playlist.ts'

/** What a viewer who asks for everything has seen of a stream. */
export type Observations = {
  /** Each once, however often it was seen. */
  faults: Set<string>
  tracks: Map<string, TrackObservations>
}
type TrackObservations = {
  looks: number
  /** Playlists that were answered although nothing had changed. */
  idle: number
  /** Of all segments seen, by number: where their media begins, in seconds of their run's clock. */
  segments: Map<number, Segment & { tfdt: number; bytes: number }>
  last: Playlist | undefined
}

const TIMESCALE = { video: 90_000, audio: 48_000 }
/** An answer that takes longer was held too long: 2 s, and some for a busy machine. */
const LONGEST_ANSWER_MS = 6000
/** A segment is read again when so many have come after it. */
const READ_AGAIN_AFTER = 4

/** Follows all tracks of a stream as the strictest player would, until `signal` aborts. */
export async function followStream(multivariantUrl: string, signal: AbortSignal): Promise<Observations> {
  const text = await (await get(multivariantUrl)).text()
  const variants = text.matchAll(/#EXT-X-STREAM-INF:(.*)\n(.+)/g)
  const audio = text.matchAll(/#EXT-X-MEDIA:(.*)/g)
  const urls = [
    ...[...variants].map(([, , uri = '']) => uri),
    ...[...audio].map(([, attributes = '']) => parseAttributes(attributes).URI ?? ''),
  ].map((uri) => new URL(uri, multivariantUrl).href)
  const observed: Observations = { faults: new Set(), tracks: new Map() }
  await Promise.all(urls.map((url) => followTrack(url, observed, signal)))
  for (const fault of alignmentFaults(observed)) observed.faults.add(fault)
  return observed
}

async function followTrack(url: string, { faults, tracks }: Observations, signal: AbortSignal) {
  const track = trackOf(url)
  const seen: TrackObservations = { looks: 0, idle: 0, segments: new Map(), last: undefined }
  tracks.set(track, seen)
  const files = fileReader(url, (fault) => faults.add(`${track}: ${fault}`))
  while (!signal.aborted) {
    const response = await get(url + whatComesNext(seen.last)).catch((error: unknown) => {
      faults.add(`${track}: the playlist was not answered: ${error}`)
    })
    if (!response) continue
    const playlist = parsePlaylist(await response.text())
    for (const fault of faultsOf(playlist)) faults.add(`${track}: ${fault}`)
    for (const fault of seen.last ? changesOf(seen.last, playlist) : []) faults.add(`${track}: ${fault}`)
    seen.looks += 1
    const idle = isSame(seen.last, playlist)
    seen.idle += Number(idle)
    seen.last = playlist
    await files.readNew(playlist, seen)
    if (playlist.ended) return
    if (idle) await sleep(100, signal)
  }
}

function whatComesNext(playlist: Playlist | undefined): string {
  if (playlist?.partTarget === undefined) return ''
  const last = playlist.segments.at(-1)?.number ?? playlist.mediaSequence - 1
  const parts = playlist.growing?.parts.length ?? 0
  return `?_HLS_msn=${last + 1}&_HLS_part=${parts}`
}

function isSame(before: Playlist | undefined, after: Playlist): boolean {
  const place = (playlist: Playlist) =>
    [playlist.segments.at(-1)?.number, playlist.growing?.parts.length ?? 0].join()
  return before !== undefined && place(before) === place(after)
}

/** Fetches each file once when it is first named and once more later: both times it must be the same. */
function fileReader(playlistUrl: string, fault: (text: string) => void) {
  const hashes = new Map<string, string>()
  const parts = new Map<string, Buffer>()

  async function read(uri: string): Promise<Buffer> {
    const response = await get(new URL(uri, playlistUrl).href).catch((error: unknown) => {
      fault(`${uri} cannot be fetched: ${error}`)
    })
    const bytes = response ? Buffer.from(await response.arrayBuffer()) : Buffer.alloc(0)
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (response && (hashes.get(uri) ?? hash) !== hash) fault(`${uri} has changed`)
    if (response) hashes.set(uri, hash)
    return bytes
  }

  return {
    async readNew(playlist: Playlist, seen: TrackObservations) {
      const all = playlist.growing ? [...playlist.segments, playlist.growing] : playlist.segments
      for (const { map } of all) if (!hashes.has(map)) await read(map)
      for (const { uri } of all.flatMap((segment) => segment.parts))
        if (!hashes.has(uri)) parts.set(uri, await read(uri))
      for (const segment of playlist.segments) {
        if (seen.segments.has(segment.number)) continue
        const bytes = await read(segment.uri)
        const own = segment.parts.map(({ uri }) => parts.get(uri))
        const whole = own.flatMap((part) => part ?? [])
        if (own.length && whole.length === own.length && !Buffer.concat(whole).equals(bytes))
          fault(`${segment.uri} is not its parts`)
        for (const { uri } of segment.parts) parts.delete(uri)
        seen.segments.set(segment.number, {
          ...segment,
          tfdt: tfdtOf(bytes, segment.uri),
          bytes: bytes.length,
        })
        const old = seen.segments.get(segment.number - READ_AGAIN_AFTER)
        if (old) await read(old.uri)
      }
    },
  }
}

/** All tracks show the same moment in the same segment, and a run's clock has no gaps. */
function alignmentFaults({ tracks }: Observations): string[] {
  const all = [...tracks.entries()]
  const [first] = all.filter(([id]) => id !== 'audio')
  if (!first) return ['there is no picture']
  return all.flatMap(([id, { segments }]) => {
    const tolerance = id === 'audio' ? 0.0225 : 0.0001
    return [...segments.values()].flatMap((segment) => {
      const other = first[1].segments.get(segment.number)
      const next = segments.get(segment.number + 1)
      const off = other ? Math.abs(other.tfdt - segment.tfdt) : 0
      const gap =
        next && next.discontinuity === segment.discontinuity ? next.tfdt - segment.tfdt - segment.duration : 0
      return [
        ...(off <= tolerance
          ? []
          : [`segment ${segment.number} of ${id} begins ${off} s away from ${first[0]}'s`]),
        ...(other && other.discontinuity !== segment.discontinuity
          ? [`${id} and ${first[0]} break at other segments`]
          : []),
        ...(Math.abs(gap) <= 0.001 ? [] : [`${id} has a hole of ${gap} s after segment ${segment.number}`]),
      ]
    })
  })
}

/** Where the media of a segment begins: the first `tfdt` of the file, of version 1. */
function tfdtOf(bytes: Buffer, uri: string): number {
  const at = bytes.indexOf('tfdt')
  if (at < 0) return Number.NaN
  return Number(bytes.readBigUInt64BE(at + 8)) / (uri.startsWith('audio') ? TIMESCALE.audio : TIMESCALE.video)
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_ANSWER_MS) })
  if (response.status !== 200) throw new Error(`${new URL(url).pathname} is answered ${response.status}`)
  return response
}

function trackOf(url: string): string {
  return new URL(url).pathname.replace(/^.*\//, '').replace('.m3u8', '')
}
