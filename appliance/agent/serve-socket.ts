import { once } from 'node:events'
import { unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import type { Hono } from 'hono'

/** Refuses when another agent answers there, and removes what a killed one left behind. Before anything of the state is touched. */
export async function claimSocket(path: string): Promise<void> {
  const socket = connect(path)
  const answered = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  if (answered) throw new CannotStart(`Another agent already runs on ${path}.`)
  await unlink(path).catch(() => {})
}

export async function serveSocket(app: Hono, path: string) {
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(path)
  await once(server, 'listening')
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}
