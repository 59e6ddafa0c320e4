import { SessionId, StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { StreamLocation } from '@sixcast/shared/contract/stream-report.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { StreamViews } from './stream-view-repository.ts'
import { viewerHost } from './viewer-host.ts'

type Dependencies = {
  streamViews: Pick<StreamViews, 'find' | 'findSession'>
  relayPort: number
}

/** Where a stream is: for players as they can reach it, for nginx (X-Origin) as the node itself is reached. */
export const streamLocationRoutes = ({ streamViews, relayPort }: Dependencies) =>
  new Hono()
    .use('/streams/:name', forAnyPage, neverKept)
    .get(
      '/streams/:name',
      describe,
      accept('param', z.object({ name: StreamName })),
      accept('query', z.object({ session: SessionId.optional() })),
      async (c) => {
        const { name } = c.req.valid('param')
        const { host, manifest } = await locate(name, c.req.valid('query').session, streamViews)
        const requestHost = new URL(c.req.url).hostname
        c.header('X-Origin', host)
        return c.json({
          name,
          manifest,
          host: viewerHost({ host, requestHost, relayPort }),
        } satisfies StreamLocation)
      },
    )

/** Players stand on pages of others, too. */
const forAnyPage = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'OPTIONS'],
  exposeHeaders: ['X-Origin'],
})

/** A stream moves from one moment to the next. */
const neverKept = createMiddleware((c, next) => {
  c.header('cache-control', 'no-store')
  c.header('x-content-type-options', 'nosniff')
  return next()
})

/** New viewers are sent only to what is live; who names a session watches it already, and stays with it to its end. */
async function locate(name: string, session: string | undefined, streamViews: Dependencies['streamViews']) {
  const place = session ? await streamViews.findSession(name, session) : await streamViews.find(name)
  if (!session && (!place || ('shown' in place && place.shown === 'hidden')))
    throw new Problem('unknown-stream')
  const { host, manifest } = place ?? {}
  if (!host || !manifest || (!session && place?.state !== 'live')) throw new Problem('not-live')
  return { host, manifest }
}

const describe = describeAnswers({
  summary: 'Where a live stream is now; the header X-Origin carries the host for nginx',
  tag: 'public',
  ok: StreamLocation,
  problems: ['bad-request', 'unknown-stream', 'not-live'],
})
