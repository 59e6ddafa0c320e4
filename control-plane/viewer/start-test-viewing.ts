import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

export type TestViewing = Awaited<ReturnType<typeof startTestViewing>>

/** For tests of the pages: they are served with the streams that the test says, but nothing plays. */
export async function startTestViewing() {
  const said = { streams: [] as StreamView[] }
  const app = new Hono().route('/', look.routes).route(
    '/',
    viewerRoutes({
      streamViews: {
        list: async () => said.streams,
        find: async (name) => said.streams.find((stream) => stream.name === name),
      },
      publicUrl: 'https://cast.example',
      posters: { find: async () => undefined },
      relayPort: 1,
      report: () => {},
      recognise: () => undefined,
      readEveryMs: 100,
    }),
  )
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(said, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  })
}
