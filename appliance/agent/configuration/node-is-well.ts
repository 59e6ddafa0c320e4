import { once } from 'node:events'
import { connect } from 'node:net'

const WITHIN_MS = 1000

/** Whether what serves viewers on this node answers: media speaks to the agent, and nginx takes connections. */
export async function nodeIsWell({
  mediaIsSilent,
  host,
  port,
}: {
  mediaIsSilent: boolean
  host: string
  port: number
}): Promise<boolean> {
  if (mediaIsSilent) return false
  const socket = connect({ host, port, signal: AbortSignal.timeout(WITHIN_MS) })
  const answered = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.on('error', () => {}) // the time-out may come after the answer
  socket.destroy()
  return answered
}
