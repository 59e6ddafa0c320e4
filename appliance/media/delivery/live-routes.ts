import { join } from 'node:path'
import { SessionId, StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { describeRoute } from 'hono-openapi'
import * as z from 'zod'
import { type Awaited, judgeAwaited, longestWaitMs } from '../packager/await-playlist.ts'
import type { LiveTracks } from '../packager/live-playlists.ts'
import { growingMedia } from './growing-media.ts'
import { waitFor } from './wait-for.ts'

type Dependencies = {
  /** The tracks of a session, as long as its files are there. */
  liveOf: (name: string, session: string) => LiveTracks | undefined
  liveDirectory: string
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
const Count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const Directives = z
  .object({
    _HLS_msn: Count.optional(),
    _HLS_part: Count.optional(),
    _HLS_skip: z.enum(['YES', 'v2']).optional(),
  })
  .refine(({ _HLS_msn: msn, _HLS_part: part }) => part === undefined || msn !== undefined, {
    path: ['_HLS_part'],
    error: '_HLS_part asks for a part of the segment that _HLS_msn names: send both.',
  })

/** What nginx cannot answer from files: playlists and media that are still to come. */
export const liveRoutes = ({ liveOf, liveDirectory }: Dependencies) =>
  new Hono()
    .get(
      '/:name/:session/:playlist',
      describeRoute(playlistAnswer),
      accept('param', PlaylistPlace),
      accept('query', Directives),
      async (c) => {
        const { name, session, playlist } = c.req.valid('param')
        const { _HLS_msn: msn, _HLS_part: part, _HLS_skip: skip } = c.req.valid('query')
        const live = liveOf(name, session)
        const track = playlist.replace('.m3u8', '')
        if (!live?.track(track)) throw new Problem('not-found')
        if (msn !== undefined) await awaitPlaylist(live, track, { msn, part })
        return c.body(live.playlist(track, skip !== undefined), 200, {
          'content-type': 'application/vnd.apple.mpegurl',
        })
      },
    )
    .get(
      '/:name/:session/:track/:file',
      describeRoute(mediaAnswer),
      accept('param', MediaPlace),
      async (c) => {
        const { name, session, track, file } = c.req.valid('param')
        const live = liveOf(name, session)
        const folder = join(liveDirectory, name, session)
        const media = live && (await growingMedia({ live, folder, track, file, longestMs: LONGEST_WAIT_MS }))
        if (!media) throw new Problem('not-found')
        c.header('content-type', 'video/iso.segment')
        return stream(c, async (out) => {
          for await (const bytes of media) {
            if (out.aborted) return
            await out.write(bytes)
          }
        })
      },
    )

async function awaitPlaylist(live: LiveTracks, track: string, awaited: Awaited) {
  const judge = () => {
    const found = live.track(track)
    return !found || live.ended() ? 'there' : judgeAwaited(awaited, found.place, found.partTarget)
  }
  if (judge() === 'too-far')
    throw new Problem('bad-request', 'That is too far ahead: ask for the next segment or the one after it.')
  const longestMs = longestWaitMs(live.track(track) ?? { partTarget: 0, targetDuration: 0 })
  await waitFor({ more: live.more, there: () => judge() === 'there', longestMs })
}

const playlistAnswer = {
  summary:
    'A media playlist once it has what _HLS_msn and _HLS_part ask for, or as it is when that takes long',
  responses: { 200: { description: 'The playlist.', content: { 'application/vnd.apple.mpegurl': {} } } },
}
const mediaAnswer = {
  summary: 'A part that comes next, or a segment while it grows, part by part',
  responses: { 200: { description: 'CMAF media.', content: { 'video/iso.segment': {} } } },
}
