import { randomBytes } from 'node:crypto'
import { StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { SteeringManifest } from '@sixcast/shared/contract/steering.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { PathwayChoice } from './pathway-choice.ts'
import { playPlaylist } from './play-playlist.ts'
import { PathwayList, readSteeringTicket } from './steering-ticket.ts'

type Dependencies = {
  choice: PathwayChoice
  /** This process has more to do than it can. */
  isLate: () => boolean
}

/** Where viewers are sent: when they begin, and again and again while they play. */
export const steeringRoutes = ({ choice, isLate }: Dependencies) =>
  new Hono()
    .use('/play/:stream', openAndNeverKept)
    .use('/steer/:stream', openAndNeverKept)
    .options('/play/:stream', forAnyPage)
    .options('/steer/:stream', forAnyPage)
    .get('/play/:stream', describePlay, accept('param', Named), accept('query', Asked), async (c) => {
      const { six = '', exclude = [] } = c.req.valid('query')
      const asked = { viewer: randomBytes(6).toString('base64url'), six: six === '1' }
      const viewing = { ...seenOf(c), ...asked, exclude }
      const { stream, pathways } = await choice.begin(c.req.valid('param').stream, viewing)
      const has = pathways.map(({ pathway }) => pathway)
      const ticket = { ...asked, session: stream.session, has }
      c.header('content-type', 'application/vnd.apple.mpegurl')
      return c.body(playPlaylist({ stream, tracks: stream.tracks(), pathways, ticket }))
    })
    // Players never come back after 404, 410 or 429: they are answered, whatever they ask, or told to come again.
    .get('/steer/:stream', describeSteer, async (c) => {
      if (isLate()) throw new Problem('unavailable', 'Too much is asked of the control plane just now.')
      const steered = { ...readSteeringTicket(c.req.query()), seen: seenOf(c) }
      c.header('content-type', 'application/vnd.apple.steering-list')
      return c.body(JSON.stringify(await choice.steer(c.req.param('stream'), steered)))
    })

const Named = z.object({ stream: StreamName })

const Asked = z.object({
  /** The player has found that IPv6 works, though it comes by IPv4. */
  six: z.enum(['0', '1']).optional(),
  /** Pathways that it has had trouble with. */
  exclude: PathwayList.optional(),
})

const seenOf = (c: Context) => ({
  address: sourceAddress(c),
  requestHost: new URL(c.req.url).hostname,
})

const forAnyPage = cors({ origin: '*', allowMethods: ['GET', 'HEAD', 'OPTIONS'] })

/** Set before anything is answered: `cors` would touch each answer afterwards, which costs as much as all the rest. */
const openAndNeverKept = createMiddleware((c, next) => {
  c.header('access-control-allow-origin', '*')
  c.header('cache-control', 'no-store')
  c.header('x-content-type-options', 'nosniff')
  return next()
})

const describePlay = describeAnswers({
  summary:
    'Multivariant playlist of a live stream: the best ways to it for who asks, and where its player is steered',
  tag: 'public',
  ok: { type: 'application/vnd.apple.mpegurl' },
  problems: ['bad-request', 'unknown-stream', 'not-live', 'fleet-full', 'out-of-reach'],
})

const describeSteer = describeAnswers({
  summary: 'Steering manifest for a player of a stream, whatever has become of the stream',
  tag: 'public',
  ok: SteeringManifest,
  problems: [],
  // Not by its schema, which takes everything: whatever cannot be read is as if it were not there.
  query: {
    viewer: 'Drawn once for a playback, so that it is sent the same way each time.',
    session: 'The session of the stream that its playlist is of.',
    six: '1: it has found that IPv6 works, though it comes by IPv4.',
    has: 'The pathways that its playlist names, by commas.',
    exclude: 'Pathways that have failed it lately, by commas.',
    _HLS_pathway: 'The pathway that it plays from.',
    _HLS_throughput: 'Bits per second; not looked at.',
  },
})
