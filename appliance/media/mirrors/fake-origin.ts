import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { mediaPlaylist } from '../packager/media-playlist.ts'
import { multivariantPlaylist } from '../packager/multivariant-playlist.ts'
import { type TrackWindow, withPart, withSegmentClosed } from '../packager/track-window.ts'
import { waiters } from '../packager/waiters.ts'

const PARTS = 3
const TRACKS = ['v480', 'audio']
const START = Date.parse('2026-01-01T00:00:00Z')
const rules = { listedSeconds: 3, segmentSeconds: 1 }

export type FakeOrigin = Awaited<ReturnType<typeof startFakeOrigin>>

const DEFAULTS = { stream: 'cam', session: 'saaaaaaaaaaaa', port: 0 }

/** For tests: a node that makes a session, part by part, whenever the test wants. Its media are boxes of noise. */
export async function startFakeOrigin(options: Partial<typeof DEFAULTS> = {}) {
  const { stream, session, port } = { ...DEFAULTS, ...options }
  const made = fakeSession(stream, session)
  const asked: string[] = []
  /** How it behaves instead, by the end of the path. */
  const manner = new Map<string, (response: ServerResponse) => void>()

  async function answer({ url = '' }: IncomingMessage, response: ServerResponse) {
    asked.push(url)
    const { pathname, searchParams } = new URL(url, 'http://origin')
    const behaves = [...manner].find(([end]) => pathname.endsWith(end))?.[1]
    if (behaves) return behaves(response)
    if (searchParams.has('_HLS_msn') && made.isAhead(searchParams))
      await Promise.race([made.more(), after(500)])
    const found = made.contentOf(pathname)
    if (!found) return response.writeHead(404).end()
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(found))
  }

  const server = createServer((incoming, response) => void answer(incoming, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const from = `127.0.0.1:${{ port: 0, ...Object(server.address()) }.port}`
  return {
    from,
    order: { stream, session, from },
    asked,
    manner,
    /** So many parts more of all tracks. */
    advance(count = 1) {
      for (let at = 0; at < count; at++) made.advance()
    },
    end: made.end,
    /** Its source left. */
    shut: made.shut,
    /** What it serves there now. */
    content(file: string) {
      const found = made.contentOf(`/${stream}/${file}`)
      return found === undefined ? undefined : Buffer.from(found)
    },
    async close() {
      server.close().closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

function fakeSession(stream: string, session: string) {
  const files = new Map<string, Buffer>()
  const waiting = waiters()
  let tracks = TRACKS.map(emptyTrack)
  let [parts, ended, isOpen] = [0, false, true]
  const inits = TRACKS.map((id) => initOf(id))
  for (const [at, { uri, bytes }] of inits.entries()) files.set(`${TRACKS[at]}/${uri}`, bytes)

  const playlistOf = (track: TrackWindow) => {
    const next = ended ? undefined : `${track.id}/1-${7 + Math.floor(parts / PARTS)}.${parts % PARTS}.m4s`
    return mediaPlaylist({ track, others: TRACKS, rules, lowLatency: { next, partHoldBack: 1 }, ended })
  }

  function contentOf(path: string): Buffer | string | undefined {
    const below = path.replace(`/${stream}/`, '')
    if (below === 'index.m3u8') return isOpen ? multivariantPlaylist(session, tracks) : undefined
    if (below === 'thumbnail.jpg') return Buffer.from([0xff, 0xd8, parts])
    const own = below.replace(`${session}/`, '')
    if (own === 'record.json') return JSON.stringify(recordOf(session))
    const track = tracks.find(({ id }) => own === `${id}.m3u8`)
    return track ? playlistOf(track) : files.get(own)
  }

  /** A segment is what its parts are, one after the other. */
  function keep(segment: string, part: string) {
    const bytes = Buffer.concat([box('moof', part), box('mdat', `${part} of ${session}`)])
    const before = part.endsWith('.0.m4s') ? Buffer.alloc(0) : (files.get(segment) ?? Buffer.alloc(0))
    files.set(segment, Buffer.concat([before, bytes]))
    files.set(part, bytes)
    return bytes.length
  }

  return {
    contentOf,
    more: () => waiting.next(),
    isAhead: (wanted: URLSearchParams) =>
      !ended && (Number(wanted.get('_HLS_msn')) - 7) * PARTS + Number(wanted.get('_HLS_part')) >= parts,
    advance() {
      tracks = tracks.map((track, at) => withNextPart(track, parts, inits[at]?.uri ?? '', keep))
      parts += 1
      waiting.wake()
    },
    end() {
      ended = true
      waiting.wake()
    },
    shut() {
      isOpen = false
    },
  }
}

function withNextPart(
  track: TrackWindow,
  at: number,
  init: string,
  keep: (segment: string, part: string) => number,
) {
  const number = 7 + Math.floor(at / PARTS)
  const uri = `${track.id}/1-${number}.m4s`
  const part = uri.replace('.m4s', `.${at % PARTS}.m4s`)
  const begun = new Date(START + at * 333).toISOString()
  const place = {
    number,
    run: 1,
    discontinuity: 0,
    start: at / 3,
    at: begun,
    uri,
    init: `${track.id}/${init}`,
  }
  const bytes = keep(uri, part)
  const grown = withPart(track, place, { uri: part, duration: 1 / 3, bytes, independent: true })
  return at % PARTS === PARTS - 1 ? withSegmentClosed(grown, rules).track : grown
}

const emptyTrack = (id: string): TrackWindow => ({
  ...{ id, kind: id === 'audio' ? 'audio' : 'video', codecs: id === 'audio' ? 'mp4a.40.2' : 'avc1.64001f' },
  ...{ shapes: [], peakBitsPerSecond: 900, totalBytes: 9, totalSeconds: 1, partTarget: 1 / 3, segments: [] },
})

const recordOf = (session: string) => ({
  ...{ session, startedAt: new Date(START).toISOString(), run: 1, origin: new Date(START).toISOString() },
  ...{ phase: 0, segmentSeconds: 1, firstNumber: 7, discontinuitySequence: 0, ladder: ['v480'] },
})

function initOf(id: string) {
  const bytes = Buffer.concat([box('ftyp', 'cmfc'), box('moov', id)])
  return { bytes, uri: `init-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.mp4` }
}

function box(type: string, content: string): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(8 + content.length)
  return Buffer.concat([size, Buffer.from(type + content)])
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref())
