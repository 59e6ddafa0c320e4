import { RTMP_APPLICATIONS } from '@sixcast/shared/contract/authorize.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { Hono, type MiddlewareHandler } from 'hono'
import { describeRoute } from 'hono-openapi'
import { ConnectCall, DoneCall, PublishCall } from './publish-call.ts'

type Dependencies = {
  admit: (call: PublishCall) => Promise<void>
  /** Resolves when its publisher may begin to send. */
  came: (publisher: { app: string; name: string; clientId: string }) => Promise<void> | void
  left: (publisher: { name: string; clientId: string }) => void
  log: Log
}

/** What nginx-rtmp asks and tells: any answer but 2xx keeps a publisher out. */
export const ingestRoutes = ({ admit, came, left, log }: Dependencies) =>
  new Hono()
    .post(
      '/connect',
      sayRefused(log),
      describeRoute({
        summary: 'nginx-rtmp asks whether somebody may connect (on_connect)',
        responses: {
          204: { description: 'It may.' },
          404: { description: 'not-found: no such application' },
        },
      }),
      accept('form', ConnectCall),
      (c) => {
        const { app } = c.req.valid('form')
        if (!RTMP_APPLICATIONS.includes(app)) throw new Problem('not-found', noApplication(app))
        return c.body(null, 204)
      },
    )
    .post(
      '/publish',
      sayRefused(log),
      describeRoute({
        summary: 'nginx-rtmp asks whether a publisher may come in (on_publish)',
        responses: {
          204: { description: 'It may.' },
          400: { description: 'bad-request: no such stream name' },
          403: { description: 'key-refused' },
          409: { description: 'already-publishing' },
        },
      }),
      accept('form', PublishCall),
      async (c) => {
        const call = c.req.valid('form')
        await admit(call)
        await came({ app: call.app, name: call.name, clientId: call.clientid })
        return c.body(null, 204)
      },
    )
    .post(
      '/done',
      describeRoute({
        summary: 'nginx-rtmp tells that a publisher is gone (on_publish_done)',
        responses: { 204: { description: 'It is known.' } },
      }),
      accept('form', DoneCall),
      (c) => {
        const { name, clientid } = c.req.valid('form')
        left({ name, clientId: clientid })
        return c.body(null, 204)
      },
    )

const noApplication = (app: string) =>
  `There is no application "${app}" here: publish to rtmp://HOST:1935/stream with the key name?key=SECRET.`

/** The Problem's sentence names the stream and the reason, never the key. */
function sayRefused(log: Log): MiddlewareHandler {
  return async (c, next) => {
    await next()
    if (c.error) log.warn('publisher refused', { status: c.res.status, reason: describe(c.error) })
  }
}
