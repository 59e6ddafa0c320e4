import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** As many as nginx may open at once: all viewers of a stream come back together after a restart. */
const BACKLOG = 4096

/** Serves `app` on a Unix socket, in the place of whoever served there before and died. */
export function serveOnSocket(app: Hono, path: string): Server {
  rmSync(path, { force: true })
  return createServer(getRequestListener(app.fetch, { hostname: 'media' })).listen({ path, backlog: BACKLOG })
}
