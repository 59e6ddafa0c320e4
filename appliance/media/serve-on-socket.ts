import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves `app` on a Unix socket, in the place of whoever served there before and died. */
export function serveOnSocket(app: Hono, path: string): Server {
  const listener = getRequestListener(app.fetch)
  rmSync(path, { force: true })
  return createServer((incoming, outgoing) => {
    incoming.headers.host = 'media' // nginx-rtmp sends the socket's path, which is no host
    return listener(incoming, outgoing)
  }).listen(path)
}
