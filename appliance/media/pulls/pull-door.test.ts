import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect, createServer as createTcpServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { CheckedAddress } from './checked-address.ts'
import type { Place } from './judge-address.ts'
import { openPullDoor } from './pull-door.ts'

const PLACES: Partial<Record<string, Place>> = { camera: 'house', partner: 'internet' }

/** A server that everybody finds under the names `camera` and `partner`, and the door of the house, where no other is known. */
async function open() {
  const asked: string[] = []
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.headers.host} ${incoming.url}`)
    outgoing.end('a picture')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = { port: 0, ...Object(server.address()) }
  const check = async (name: string): Promise<CheckedAddress> =>
    PLACES[name] ? { address: '127.0.0.1', place: PLACES[name] } : { refused: 'no camera' }
  const door = await openPullDoor('house', check)
  onTestFinished(() => {
    door.close()
    server.close().closeAllConnections()
  })
  return { asked, port, door: new URL(door.url) }
}

async function through(door: URL, url: string) {
  const asking = request({
    host: door.hostname,
    port: door.port,
    path: url,
    headers: { host: 'camera' },
  }).end()
  const [answer] = await once(asking, 'response')
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

/** A source that has heard enough with the first bytes. */
async function startTcp(answer: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => answer(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: 0, ...Object(server.address()) }.port
}

test('what was checked is opened, under its own name', async () => {
  const { asked, port, door } = await open()
  expect(await through(door, `http://camera:${port}/a?b=c`)).toMatchObject({ status: 200, body: 'a picture' })
  expect(asked).toEqual(['camera /a?b=c'])
})

test('nothing else is opened, whatever the scheme', async () => {
  const { asked, port, door } = await open()
  expect((await through(door, `http://127.0.0.1:${port}/a`)).status).toBe(403)
  expect((await through(door, `http://partner:${port}/a`)).status).toBe(403)
  expect((await through(door, '/a')).status).toBe(400)
  expect((await through(door, 'ftp://camera/a')).status).toBe(400)
  expect(asked).toEqual([])
})

test.each([
  ['camera', /^HTTP\/1.1 200 OK\r\n\r\nHTTP\/1.1 200 OK.*a picture/s],
  ['partner', /^HTTP\/1.1 403 Forbidden\r\n\r\n$/],
  ['127.0.0.1', /^HTTP\/1.1 403 Forbidden\r\n\r\n$/],
])('a tunnel to %s is opened or refused', async (name, answer) => {
  const { port, door } = await open()
  const socket = connect(Number(door.port), door.hostname)
  socket.write(`CONNECT ${name}:${port} HTTP/1.1\r\nHost: ${name}\r\n\r\n`)
  const [first] = await once(socket, 'data')
  if (name === 'camera') socket.write('GET / HTTP/1.1\r\nHost: camera\r\nConnection: close\r\n\r\n')
  expect(`${first}${await text(socket)}`).toMatch(answer)
})

test.each([
  ['HTTP/1.1 200 OK\r\nTrailer: x\r\nContent-Length: 5\r\n\r\nhello', 200],
  ['HTTP/1.1 200 OK\r\nServer: \x80\xff\r\nKeep-Alive: timeout=x\r\nContent-Length: 5\r\n\r\nhello', 200],
  ['HTTP/1.1 001 Odd\r\nContent-Length: 0\r\n\r\n', 502],
  ['HTTP/1.1 199 Odd\r\nContent-Length: 0\r\n\r\n', 502],
  ['HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n', 502],
  ['HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n', 502],
  ['HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello', 502],
  ['HTTP/1.1 200 OK\r\nX: a\x01b\r\n\r\n', 502],
  [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 502],
  ['ICY 200 OK\r\n\r\n', 502],
  ['', 502],
])('a source that answers %j does no more than fail', async (answer, status) => {
  const { door } = await open()
  const port = await startTcp((socket) => socket.end(Buffer.from(answer, 'latin1')))
  expect((await through(door, `http://camera:${port}/`)).status).toBe(status)
})

test('an answer that breaks off is broken off for ffmpeg too, and the door stays open', async () => {
  const { port, door } = await open()
  const source = await startTcp((socket) =>
    socket.write(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n${'x'.repeat(100)}\r\nZZ\r\n`,
      () => socket.resetAndDestroy(),
    ),
  )
  await expect(through(door, `http://camera:${source}/`)).rejects.toThrow(/aborted|hang up|RESET/)
  expect((await through(door, `http://camera:${port}/`)).status).toBe(200)
})

test('only what ffmpeg asks about is handed on of an answer', async () => {
  const { door } = await open()
  const headers = 'Content-Type: video/mp2t\r\nSet-Cookie: a=b\r\nConnection: close\r\nX-Odd: 1\r\nTrailer: x'
  const port = await startTcp((socket) => socket.end(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\nhello`))
  const asking = request({ host: door.hostname, port: door.port, path: `http://camera:${port}/` }).end()
  const [answer] = await once(asking, 'response')
  expect(await text(answer)).toBe('hello')
  expect(answer.headers).toMatchObject({ 'content-type': 'video/mp2t', 'set-cookie': ['a=b'] })
  expect(Object.keys(answer.headers)).not.toContain('x-odd')
})

const RANGE = 'Content-Range: bytes 0-35/36\r\nAccept-Ranges: bytes\r\nContent-Length: 36'

test.each([
  [
    'a playlist',
    '#EXTM3U\n#EXTINF:2,\nhttps://a/123.ts\n',
    200,
    '#EXTM3U\n#EXTINF:2,\nhttp://a.tls.invalid/123.ts\n',
  ],
  ['a manifest', '\uFEFF<MPD><BaseURL>https://a/12</BaseURL', 200, '<BaseURL>http://a.tls.invalid/12</'],
  ['a list of sockets', '#EXTM3U\ntcp://a/12345678901234567888', 200, '#EXTM3U\ntcp%3A//a/1234567890'],
  ['a list that escapes', '#EXTM3U\n#X:URI="\\t\\cp\\://a/123333"\n\n', 200, 'URI="\\t\\cp\\%3A//a/12'],
  ['a film', 'G12345678 https://a/ 123456789012345', 206, 'G12345678 https://a/ 123456789012345'],
])('of %s its links are written anew, and with them its length', async (_, body, status, written) => {
  const { door } = await open()
  const port = await startTcp((socket) =>
    socket.end(`HTTP/1.1 206 Partial Content\r\n${RANGE}\r\n\r\n${body}`),
  )
  const answer = await through(door, `http://camera:${port}/`)
  expect(answer.status).toBe(status)
  expect(answer.body).toContain(written)
  expect(answer.headers['content-range']).toBe(status === 206 ? 'bytes 0-35/36' : undefined)
})

const TCP = '#EXTM3U\ntcp://a/1\n'

/** ffmpeg would read a playlist in each of them. */
test.each([
  ['from its middle on', 'Content-Range: bytes 5-22/99', TCP, 200],
  ['with titles strewn in', 'icy-metaint: 1', TCP, 200],
  ['packed', 'Content-Encoding: gzip', gzipSync(TCP), 502],
  ['packed by an odd name', 'Content-Encoding: x, gzip', gzipSync(TCP), 502],
])('no playlist that comes %s is passed on unread', async (_, header, body, status) => {
  const { door } = await open()
  const port = await startTcp((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n`)
    socket.end(body)
  })
  const answer = await through(door, `http://camera:${port}/`)
  expect(answer.status).toBe(status)
  expect(Object.keys(answer.headers)).not.toContain('icy-metaint')
  expect(answer.body).not.toMatch(/tcp:/)
})

test('a playlist without end is not read to its end', async () => {
  const { door } = await open()
  const port = await startTcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n#EXTM3U\n')
    const more = () => void socket.write(Buffer.alloc(1 << 20, '#\n'), (error) => error ?? more())
    more()
  })
  expect((await through(door, `http://camera:${port}/`)).status).toBe(502)
})

test('white space without end before a playlist keeps nobody', async () => {
  const { door } = await open()
  const port = await startTcp((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${'\uFEFF'.repeat(99)}`))
  expect((await through(door, `http://camera:${port}/`)).status).toBe(200)
}, 5000)

test('somebody whose line is cut while an address is looked up breaks nothing', async () => {
  const asked = Promise.withResolvers<void>()
  const found = Promise.withResolvers<CheckedAddress>()
  const door = await openPullDoor('house', () => {
    asked.resolve()
    return found.promise
  })
  onTestFinished(() => void door.close())
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1')
  socket.write('CONNECT camera:1 HTTP/1.1\r\nHost: camera\r\n\r\n')
  await asked.promise
  socket.resetAndDestroy()
  await once(socket, 'close')
  found.resolve({ address: '127.0.0.1', place: 'house' })
  expect((await through(new URL(door.url), 'http://camera:1/')).status).toBe(502)
})

test.each(['GET http://camera:PORT/', 'CONNECT camera:PORT'])(
  'who goes while an address is looked up leaves no line to the source (%s)',
  async (request) => {
    const reached: Socket[] = []
    const source = createTcpServer((socket) => void reached.push(socket)).listen(0, '127.0.0.1')
    await once(source, 'listening')
    onTestFinished(() => void source.close())
    const { port } = { port: 0, ...Object(source.address()) }
    const found = Promise.withResolvers<CheckedAddress>()
    const check = vi.fn(() => found.promise)
    const door = await openPullDoor('house', check)
    onTestFinished(() => void door.close())
    const ask = (line: string) => {
      const socket = connect(Number(new URL(door.url).port), '127.0.0.1')
      socket.write(`${line.replace('PORT', port)} HTTP/1.1\r\nHost: camera\r\n\r\n`)
      return socket
    }
    const socket = ask(request)
    await vi.waitFor(() => expect(check).toHaveBeenCalledTimes(1))
    socket.resetAndDestroy()
    await once(socket, 'close')
    const last = ask('GET http://camera:PORT/last')
    onTestFinished(() => void last.destroy())
    await vi.waitFor(() => expect(check).toHaveBeenCalledTimes(2)) // the door knows by now who has gone
    found.resolve({ address: '127.0.0.1', place: 'house' })
    await vi.waitFor(() => expect(reached.length).toBeGreaterThan(0)) // his who stays
    expect(reached).toHaveLength(1)
    for (const each of reached) each.destroy()
  },
)

test('what cannot be looked up is not opened', async () => {
  const door = await openPullDoor('house', () => Promise.reject(new Error('no names today')))
  onTestFinished(() => void door.close())
  expect((await through(new URL(door.url), 'http://camera/')).status).toBe(502)
  const socket = connect(Number(new URL(door.url).port), '127.0.0.1')
  socket.write('CONNECT camera:1 HTTP/1.1\r\nHost: camera\r\n\r\n')
  expect(await text(socket)).toBe('')
})

test('somebody who hangs up early breaks nothing', async () => {
  const { port, door } = await open()
  for (const line of [
    `CONNECT camera:${port} HTTP/1.1`,
    'CONNECT camera:x HTTP/1.1',
    'CONNECT :: HTTP/1.1',
  ]) {
    const socket = connect(Number(door.port), door.hostname)
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(`${line}\r\n\r\n`, () => socket.destroy())
    await once(socket, 'close')
  }
  expect((await through(door, `http://camera:${port}/`)).status).toBe(200)
})
