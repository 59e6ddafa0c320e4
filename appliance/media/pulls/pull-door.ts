import { once } from 'node:events'
import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { request as requestTls } from 'node:https'
import { connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CheckedAddress, checkedAddress } from './checked-address.ts'
import type { Place } from './judge-address.ts'
import { readPlaylist, withoutSockets } from './read-playlist.ts'
import { meantBy, withTlsNames } from './tls-names.ts'

/**
 * A door through which ffmpeg reaches HTTP and TLS sources of one place: a proxy on loopback that opens what was checked and
 * nothing else, and speaks HTTPS for it (tls-names.ts). ffmpeg would follow redirects and playlists anywhere, and ask for a name again after it was checked. Whatever
 * a source answers, the worst that comes of it is a 502 for ffmpeg.
 */
export async function openPullDoor(
  place: Place,
  check: (hostname: string) => Promise<CheckedAddress> = checkedAddress,
) {
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch(() => giveUp(outgoing))
  })
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => {}) // whoever asked has gone
    tunnel(incoming, socket).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  /** Who was let through to one place is not led to another: not by redirects, playlists, or names that change. */
  async function find({ hostname }: URL): Promise<CheckedAddress> {
    const found = await check(hostname)
    if (!('address' in found) || found.place === place) return found
    return { refused: `${found.address} is elsewhere` }
  }

  /** RTMPS: the name stays inside, only the bytes pass. */
  async function tunnel({ url = '' }: IncomingMessage, socket: Duplex) {
    const target = URL.canParse(`tls://${url}`) ? new URL(`tls://${url}`) : undefined
    const found = target && (await find(target))
    if (socket.destroyed) return
    if (!target || !found || !('address' in found)) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const beyond = connect(Number(target.port), found.address)
    socket.once('close', () => beyond.destroy())
    const isOpen = await once(beyond, 'connect').then(
      () => true,
      () => false,
    )
    if (!isOpen) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    return Promise.all([pipeline(socket, beyond), pipeline(beyond, socket)])
  }

  /** `http://`: the request line holds the whole URL. */
  async function forward(incoming: IncomingMessage, outgoing: ServerResponse) {
    const target = meantBy(incoming.url ?? '')
    if (!target || !/^https?:$/.test(target.protocol)) return outgoing.writeHead(400).end()
    const found = await find(target)
    if (outgoing.destroyed) return // nobody would close the line to the source
    if (!('address' in found)) return outgoing.writeHead('refused' in found ? 403 : 502).end()
    const beyond = ask(target, found.address, incoming)
    outgoing.once('close', () => beyond.destroy())
    const answer = await answerTo(beyond.end())
    const [status, headers] = [statusOf(answer), headersOf(answer, target)]
    const body = await readPlaylist(answer)
    if (typeof body !== 'string') return pipeline(body, outgoing.writeHead(status, headers))
    const { 'content-length': _, 'content-range': __, 'accept-ranges': ___, ...others } = headers
    return outgoing.writeHead(200, others).end(withoutSockets(withTlsNames(body)))
  }

  function ask(target: URL, address: string, incoming: IncomingMessage): ClientRequest {
    const { method } = incoming
    const { 'icy-metadata': _, ...headers } = incoming.headers
    const path = `${target.pathname}${target.search}`
    const asked = { host: address, port: target.port, method, path, headers, agent: false } as const
    if (target.protocol === 'http:') return request(asked)
    const name = target.hostname.replace(/^\[|\]$/g, '')
    return requestTls({
      ...asked,
      headers: { ...headers, host: target.host },
      servername: isIP(name) ? '' : name,
      rejectUnauthorized: place === 'internet', // those of the house are its cameras' own work
    })
  }

  const { port } = { port: 0, ...Object(server.address()) }
  return {
    /** What ffmpeg reads from its environment. */
    url: `http://127.0.0.1:${port}`,
    close: () => server.close().closeAllConnections(),
  }
}

/** Rejects when there is none: the line is cut, or the source wants to speak of something else than HTTP. */
async function answerTo(asking: ClientRequest): Promise<IncomingMessage> {
  asking.on('error', () => {}) // the line may be cut at any later time, too
  const ended = new AbortController()
  asking.once('close', () => ended.abort())
  const [answer] = await once(asking, 'response', { signal: ended.signal })
  return answer
}

function statusOf({ statusCode = 0, headers }: IncomingMessage): number {
  if (statusCode < 200 || statusCode > 599) throw new Error(`no HTTP source answers ${statusCode}`)
  // ffmpeg asks for none. It would unpack one all the same, and with it a playlist that was not read here.
  if (/\S/.test(headers['content-encoding'] ?? '') && headers['content-encoding'] !== 'identity')
    throw new Error('no source is to pack what it sends')
  return statusCode
}

/**
 * All that ffmpeg asks about. How the bytes are framed, each of the two connections decides for itself; and none are strewn in
 * between, as SHOUTcast does with titles.
 */
const HEARD = [
  'accept-ranges',
  'content-length',
  'content-range',
  'content-type',
  'location',
  'retry-after',
  'set-cookie',
  'www-authenticate',
] as const

function headersOf({ headers }: IncomingMessage, { href }: URL): IncomingHttpHeaders {
  const heard = Object.fromEntries(HEARD.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])))
  const { location } = headers
  if (!location || !URL.canParse(location, href)) return heard
  return { ...heard, location: withTlsNames(new URL(location, href).href) }
}

function giveUp(outgoing: ServerResponse) {
  if (outgoing.headersSent) outgoing.destroy()
  else outgoing.writeHead(502).end()
}
