import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { type AccessLine, parseAccessLine } from './access-line.ts'

type Dependencies = {
  at: { host: string; port: number }
  heard: (line: AccessLine) => void
  signal: AbortSignal
  log: Log
}

const RETRY_MS = 10_000
/** A second of a thousand low-latency viewers; the kernel gives what it may. What does not fit is lost, and nobody waits for it. */
const BUFFER_BYTES = 4 << 20

/**
 * Hears nginx's access log, a datagram for each request. Datagrams, because nginx then never waits for media and keeps nothing
 * for it. Whoever has an account on this machine could send some too: they count, they do not decide.
 */
export function receiveAccessLog(dependencies: Dependencies): void {
  const { signal, log } = dependencies
  void repeat(
    RETRY_MS,
    () => receive(dependencies),
    signal,
    (error) => log.error('viewers cannot be counted', error),
  )
}

/** Ends with the signal, or throws when the port is not to be had. */
async function receive({ at, heard, signal }: Dependencies) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES, signal })
  socket.on('message', (datagram) => {
    const line = parseAccessLine(datagram)
    if (line) heard(line)
  })
  socket.once('error', () => socket.close())
  socket.bind(at.port, at.host)
  await once(socket, 'close')
}
