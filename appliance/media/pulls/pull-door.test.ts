import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { CheckedAddress } from './checked-address.ts'
import { openPullDoor } from './pull-door.ts'

/** A server that everybody finds under the name `camera`, and a door that lets nobody to any other. */
async function open() {
  const asked: string[] = []
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.headers.host} ${incoming.url}`)
    outgoing.end('a picture')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = { port: 0, ...Object(server.address()) }
  const check = async (name: string): Promise<CheckedAddress> =>
    name === 'camera' ? { address: '127.0.0.1' } : { refused: 'no camera' }
  const door = await openPullDoor(check)
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
  return { status: answer.statusCode, body: await text(answer) }
}

test('what was checked is opened, under its own name', async () => {
  const { asked, port, door } = await open()
  expect(await through(door, `http://camera:${port}/a?b=c`)).toEqual({ status: 200, body: 'a picture' })
  expect(asked).toEqual(['camera /a?b=c'])
})

test('nothing else is opened, whatever the scheme', async () => {
  const { asked, port, door } = await open()
  expect((await through(door, `http://127.0.0.1:${port}/a`)).status).toBe(403)
  expect((await through(door, '/a')).status).toBe(400)
  expect((await through(door, 'ftp://camera/a')).status).toBe(400)
  expect(asked).toEqual([])
})

test.each([
  ['camera', /^HTTP\/1.1 200 OK\r\n\r\nHTTP\/1.1 200 OK.*a picture/s],
  ['127.0.0.1', /^HTTP\/1.1 403 Forbidden\r\n\r\n$/],
])('a tunnel to %s is opened or refused', async (name, answer) => {
  const { port, door } = await open()
  const socket = connect(Number(door.port), door.hostname)
  socket.write(`CONNECT ${name}:${port} HTTP/1.1\r\nHost: ${name}\r\n\r\n`)
  const [first] = await once(socket, 'data')
  if (name === 'camera') socket.write('GET / HTTP/1.1\r\nHost: camera\r\nConnection: close\r\n\r\n')
  expect(`${first}${await text(socket)}`).toMatch(answer)
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
