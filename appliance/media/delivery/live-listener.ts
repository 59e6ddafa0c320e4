import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { parse as parseQuery } from 'node:querystring'
import { pipeline } from 'node:stream/promises'
import { SessionId, StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { problemOf } from '@sixcast/shared/runtime/answer-problems.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import * as z from 'zod'
import type { LivePlaylist, LiveTracks } from '../packager/live-playlists.ts'
import { growingMedia } from './growing-media.ts'
import { heldPlaylists } from './held-playlists.ts'
import { sharedFiles } from './shared-files.ts'

type Dependencies = {
  /** The tracks of a session, as long as its files are there. */
  liveOf: (name: string, session: string) => LiveTracks | undefined
  liveDirectory: string
  log: Log
}

/** For media: before us nginx gives up at 5 s. */
const LONGEST_WAIT_MS = 2000

const Session = { name: StreamName, session: SessionId }
const PlaylistPlace = z.object({ ...Session, playlist: z.string().regex(/^[a-z0-9-]{1,50}\.m3u8$/) })
const MediaPlace = z.object({
  ...Session,
  track: z.string().regex(/^[a-z0-9-]{1,50}$/),
  file: z.string().regex(/^\d{1,9}-\d{1,9}(\.\d{1,4})?\.m4s$/),
})
const COUNT = 'must be one whole number of at most nine digits'
const Count = z
  .string(COUNT)
  .regex(/^\d{1,9}$/, COUNT)
  .transform(Number)
const Directives = z
  .object({
    _HLS_msn: Count.optional(),
    _HLS_part: Count.optional(),
    _HLS_skip: z.enum(['YES', 'v2'], 'must be YES or v2').optional(),
  })
  .refine(({ _HLS_msn: msn, _HLS_part: part }) => part === undefined || msn !== undefined, {
    path: ['_HLS_part'],
    error: 'is of the segment that _HLS_msn names: send both',
  })

/**
 * What nginx cannot answer from files, below /live/: playlists and media that are still to come. Node's HTTP without a framework:
 * a thousand viewers ask three times a second, and all of them are to be answered in the moment in which a part is there.
 */
export function liveListener({ liveOf, liveDirectory, log }: Dependencies): RequestListener {
  const awaited = heldPlaylists()
  const read = sharedFiles()

  return (request, response) => {
    answer(request, response).catch((error: unknown) => refuse(request, response, error))
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const [path, query] = halves(request.url ?? '')
    const [name, session, first, file, more] = path.split('/').slice(2)
    if (more !== undefined || first === undefined) throw new Problem('not-found')
    if (file === undefined) await sendPlaylist({ name, session, playlist: first }, query, request, response)
    else await sendMedia({ name, session, track: first, file }, request, response)
  }

  async function sendPlaylist(
    place: unknown,
    query: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const { name, session, playlist } = parsePlace(PlaylistPlace, place)
    const { _HLS_msn: msn, _HLS_part: part, _HLS_skip: skip } = directivesIn(query)
    const live = liveOf(name, session)
    const track = playlist.replace('.m3u8', '')
    if (!live?.track(track)) throw new Problem('not-found')
    if (msn !== undefined) await awaited(live, track, { msn, part })
    send(live.playlist(track, skip !== undefined), request, response)
  }

  async function sendMedia(place: unknown, { method }: IncomingMessage, response: ServerResponse) {
    const { name, session, track, file } = parsePlace(MediaPlace, place)
    const live = liveOf(name, session)
    const folder = join(liveDirectory, name, session)
    const wanted = { folder, track, file, read, longestMs: LONGEST_WAIT_MS }
    const media = live && (await growingMedia({ live, ...wanted }))
    if (!media) throw new Problem('not-found')
    response.writeHead(200, { 'content-type': 'video/iso.segment' })
    if (method === 'HEAD')
      response.end() // Node sends a head without a body only at the end
    // Whoever took it has left; or what is to come of it has gone, and he must see that it broke off.
    else await pipeline(media, response).catch(() => {})
  }

  function refuse({ method, url }: IncomingMessage, response: ServerResponse, error: unknown) {
    const problem = problemOf(error)
    if (problem.code === 'bug') log.error('a request failed', error, { method, path: halves(url ?? '')[0] })
    const body = JSON.stringify(problem.body())
    response.writeHead(problem.status, { 'content-type': 'application/json' }).end(body)
  }
}

/** Packed once for all who take it so. */
function send(playlist: LivePlaylist, { headers }: IncomingMessage, response: ServerResponse) {
  const takesPacked = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(String(headers['accept-encoding'] ?? ''))
  const body = takesPacked ? playlist.packed() : playlist.plain
  response.writeHead(200, {
    'content-type': 'application/vnd.apple.mpegurl',
    'content-length': body.length,
    vary: 'Accept-Encoding',
    ...(takesPacked ? { 'content-encoding': 'gzip' } : {}),
  })
  response.end(body)
}

function parsePlace<Schema extends z.ZodType>(schema: Schema, place: unknown): z.infer<Schema> {
  const { data, error } = schema.safeParse(place)
  if (error) throw new Problem('bad-request', 'No live media is under an address of this form.')
  return data
}

function directivesIn(query: string): z.infer<typeof Directives> {
  const { data, error } = Directives.safeParse({ ...parseQuery(query) })
  if (error) throw new Problem('bad-request', `${issuesSentence(error.issues, 'The request')}.`)
  return data
}

function halves(url: string): [path: string, query: string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
