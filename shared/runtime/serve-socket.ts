import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { CannotStart } from './cannot-start.ts'

/** As many as nginx may open at once: all viewers of a stream come back together after a restart. */
const BACKLOG = 4096

/** Refuses when another process answers there, and removes what a killed one left behind. Before anything of the state is touched. */
export async function claimSocket(path: string): Promise<void> {
  const socket = connect(path)
  const answered = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  if (answered) throw new CannotStart(`Another process already answers at ${path}.`)
  rmSync(path, { force: true })
}

/** Serves on a Unix socket that was claimed. */
export async function serveSocket(listener: RequestListener, path: string) {
  const server = createServer(listener).listen({ path, backlog: BACKLOG })
  await once(server, 'listening')
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
