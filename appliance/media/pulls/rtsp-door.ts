import { once } from 'node:events'
import { connect, createServer, isIP, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { connect as connectTls } from 'node:tls'
import { rtspAnswers } from './rtsp-answers.ts'

/** Where a camera is. `name` is what it is called inside TLS; without, it is spoken to in the clear. */
export type RtspCamera = { address: string; port: number; tls?: { name: string } | undefined }

/**
 * A door on loopback through which ffmpeg reaches this one camera and is led nowhere else, until `signal` aborts. Tells its
 * port. The camera is asked for rtsp://127.0.0.1:PORT/…, as cameras behind any router are asked for another address than theirs.
 */
export async function openRtspDoor(camera: RtspCamera, signal: AbortSignal): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {}) // told by its end
    lead(socket).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  signal.addEventListener('abort', () => server.close(), { once: true })
  if (signal.aborted) server.close()

  async function lead(socket: Socket) {
    const beyond = await reach(camera, signal).catch(reasonOf)
    // ffmpeg counts its questions from one, and tells the reason as its own complaint.
    if (typeof beyond === 'string') return socket.end(`RTSP/1.0 503 ${beyond}\r\nCSeq: 1\r\n\r\n`)
    return Promise.all([
      pipeline(socket, beyond, { signal }),
      pipeline(beyond, rtspAnswers(), socket, { signal }),
    ])
  }

  return { port: 0, ...Object(server.address()) }.port
}

/** Certificates of cameras are their own work: as ffmpeg does, they are taken as they are. */
async function reach({ address, port, tls }: RtspCamera, signal: AbortSignal): Promise<Socket> {
  const servername = tls && !isIP(tls.name) ? tls.name : ''
  const socket = tls
    ? connectTls({ host: address, port, servername, rejectUnauthorized: false })
    : connect(port, address)
  try {
    await once(socket, tls ? 'secureConnect' : 'connect', { signal })
    return socket
  } catch (error) {
    socket.on('error', () => {}).destroy()
    throw error
  }
}

/** In ffmpeg's words. */
const REASONS = new Map([
  ['ECONNREFUSED', 'Connection refused'],
  ['EHOSTUNREACH', 'No route to host'],
  ['ENETUNREACH', 'Network is unreachable'],
  ['ETIMEDOUT', 'Connection timed out'],
])

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS.get(code) ?? 'Bad Gateway'
}
