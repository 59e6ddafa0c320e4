import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { playStream } from './play-stream.ts'
import { amf, MESSAGE, writtenMessage } from './rtmp-message.ts'

const [PING, PONG] = [Buffer.from([0, 6, 1, 2, 3, 4]), Buffer.from([0, 7, 1, 2, 3, 4])]
const OVER = Buffer.from([0, 1, 0, 0, 0, 1])
const KEY_FRAME = writtenMessage({ type: MESSAGE.picture, ms: 40, body: Buffer.from([0x17, 1, 1, 2, 3]) })
const FLV_HEADER_BYTES = 13
const KEY_FRAME_TAG_BYTES = 11 + 5 + 4

let server: Awaited<ReturnType<typeof serve>>
beforeEach(async () => {
  server = await serve()
})
afterEach(() => server.stop())

test('who waits answers when he is asked whether he is there', async () => {
  const stream = playStream(server.url)
  expect(await stream.joined).toBe(true)
  server.send(writtenMessage({ type: MESSAGE.control, body: PING }))
  await vi.waitFor(() => expect(server.heard().includes(PONG)).toBe(true))
  stream.leave()
})

test('what came before its reader waits for him, and the end of the stream is his', async () => {
  const stream = playStream(server.url)
  await stream.joined
  server.send(Buffer.concat([KEY_FRAME, writtenMessage({ type: MESSAGE.control, body: PING })]))
  await vi.waitFor(() => expect(server.heard().includes(PONG)).toBe(true))
  const reader = new PassThrough()
  stream.feed(reader, { audio: true })
  expect(stream.heldMs()).toBeGreaterThan(0)
  server.send(KEY_FRAME)
  server.send(writtenMessage({ type: MESSAGE.control, body: OVER }))
  server.send(KEY_FRAME) // of the next publisher
  const flv = await buffer(reader)
  expect(flv.subarray(0, 5).toString('latin1')).toBe('FLV\u0001\u0005')
  expect(flv).toHaveLength(FLV_HEADER_BYTES + 2 * KEY_FRAME_TAG_BYTES)
  expect([stream.isOver(), stream.handedMs()]).toEqual([true, 40])
})

test('a reader who comes too late ends at once', async () => {
  const stream = playStream(server.url)
  stream.leave()
  expect([await stream.joined, stream.isOver()]).toEqual([false, true])
  const reader = new PassThrough()
  stream.feed(reader, { audio: false })
  expect(await buffer(reader)).toHaveLength(FLV_HEADER_BYTES)
})

test('a reader who falls behind holds the stream up, and nothing gathers here', async () => {
  const stream = playStream(server.url)
  await stream.joined
  const reader = new PassThrough()
  stream.feed(reader, { audio: true })
  const body = Buffer.concat([Buffer.from([0x17, 1]), Buffer.alloc(200_000)])
  for (let frame = 0; frame < 100; frame++)
    server.send(writtenMessage({ type: MESSAGE.picture, ms: frame, body }))
  await vi.waitFor(() => expect(reader.writableNeedDrain).toBe(true))
  await sleep(300)
  expect(server.waiting()).toBeGreaterThan(0)
  expect(reader.writableLength).toBeLessThan(1_000_000)
  server.send(writtenMessage({ type: MESSAGE.control, body: OVER }))
  expect((await buffer(reader)).length).toBeGreaterThan(100 * body.length)
})

test('who cannot join is told so', async () => {
  const stream = playStream(server.url)
  server.stop()
  expect([await stream.joined, stream.isOver()]).toEqual([false, true])
})

/** An RTMP server that lets everybody in and sends what the test says. */
async function serve() {
  const sockets: Socket[] = []
  let heard = Buffer.alloc(0)
  const tell = (text: string) => sockets[0]?.write(writtenMessage({ type: MESSAGE.command, body: amf(text) }))

  const listening = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      const before = heard
      heard = Buffer.concat([heard, bytes])
      const isNew = (text: string) => heard.includes(text) && !before.includes(text)
      if (before.length === 0) socket.write(Buffer.alloc(1 + 2 * 1536, 3))
      if (isNew('connect')) tell('NetConnection.Connect.Success')
      if (isNew('play')) tell('NetStream.Play.Start')
      if (isNew('play'))
        socket.write(writtenMessage({ type: MESSAGE.chunkSize, body: Buffer.from([0, 15, 0, 0]) }))
    })
  }).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    url: `rtmp://127.0.0.1:${(listening.address() as AddressInfo).port}/stream/cam`,
    heard: () => heard,
    send: (bytes: Buffer) => sockets[0]?.write(bytes),
    /** Bytes that nobody takes. */
    waiting: () => sockets[0]?.writableLength,
    stop() {
      for (const socket of sockets) socket.destroy()
      listening.close()
    },
  }
}
