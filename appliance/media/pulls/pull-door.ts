import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type CheckedAddress, checkedAddress } from './checked-address.ts'

/**
 * The door through which ffmpeg reaches HTTP and TLS sources: a proxy on loopback that opens what was checked and nothing else.
 * ffmpeg would follow redirects and playlists anywhere, and ask for a name again after it was checked.
 */
export async function openPullDoor(check: (hostname: string) => Promise<CheckedAddress> = checkedAddress) {
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing))
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => void tunnel(incoming, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  /** `https://` and other TLS: the name stays inside, only the bytes pass. */
  async function tunnel({ url = '' }: IncomingMessage, socket: Duplex) {
    socket.on('error', () => {}) // whoever asked has gone
    const target = URL.canParse(`tls://${url}`) ? new URL(`tls://${url}`) : undefined
    const found = target && (await check(target.hostname))
    if (!target || !found || !('address' in found)) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const beyond = connect(Number(target.port), found.address)
    beyond.once('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      join(socket, beyond)
    })
    beyond.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  }

  /** `http://`: the request line holds the whole URL. */
  async function forward(incoming: IncomingMessage, outgoing: ServerResponse) {
    const target = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : undefined
    if (target?.protocol !== 'http:') return outgoing.writeHead(400).end()
    const found = await check(target.hostname)
    if (!('address' in found)) return outgoing.writeHead('refused' in found ? 403 : 502).end()
    const beyond = request({
      host: found.address,
      port: target.port || 80,
      method: incoming.method,
      path: `${target.pathname}${target.search}`,
      headers: incoming.headers,
      agent: false,
    })
    beyond.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.once('error', () => outgoing.destroy())
    })
    beyond.once('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()))
    outgoing.once('close', () => beyond.destroy())
    incoming.pipe(beyond)
  }

  const { port } = { port: 0, ...Object(server.address()) }
  return {
    /** What ffmpeg reads from its environment. */
    url: `http://127.0.0.1:${port}`,
    close: () => server.close().closeAllConnections(),
  }
}

function join(one: Duplex, other: Socket) {
  one.pipe(other)
  other.pipe(one)
  one.once('close', () => other.destroy())
  other.once('close', () => one.destroy())
  other.on('error', () => one.destroy())
}
