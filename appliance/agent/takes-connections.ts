import { once } from 'node:events'
import { connect } from 'node:net'

const WITHIN_MS = 1000

/** Whether somebody answers at a port, or at a Unix socket. */
export async function takesConnections(
  at: { host: string; port: number } | { path: string },
): Promise<boolean> {
  const socket = connect({ ...at, signal: AbortSignal.timeout(WITHIN_MS) })
  const answered = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.on('error', () => {}) // the time-out may come after the answer
  socket.destroy()
  return answered
}
