import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { playStream } from './play-stream.ts'
import { amf, MESSAGE, writtenMessage } from './rtmp-message.ts'

const [PING, PONG] = [Buffer.from([0, 6, 1, 2, 3, 4]), Buffer.from([0, 7, 1, 2, 3, 4])]
const OVER = Buffer.from([0, 1, 0, 0, 0, 1])
const KEY_FRAME = writtenMessage({ type: MESSAGE.picture, ms: 40, body: Buffer.from([0x17, 1, 1, 2, 3]) })
const picture = (ms: number) =>
  writtenMessage({ type: MESSAGE.picture, ms, body: Buffer.from([0x27, 1, 1, 2, 3]) })
const sound = (ms: number) => writtenMessage({ type: MESSAGE.sound, ms, body: Buffer.from([0xaf, 1, 9]) })
const FLV_HEADER_BYTES = 13
const KEY_FRAME_TAG_BYTES = 11 + 5 + 4
const SOUND_TAG_BYTES = 11 + 3 + 4

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

test('a first picture that waited is dated by what caught up before its reader came', async () => {
  const stream = playStream(server.url)
  await stream.joined
  server.send(
    Buffer.concat([KEY_FRAME, picture(2040), writtenMessage({ type: MESSAGE.control, body: PING })]),
  )
  await vi.waitFor(() => expect(server.heard().includes(PONG)).toBe(true))
  const since = performance.now()
  stream.feed(new PassThrough().resume(), { audio: true })
  expect(stream.heldMs()).toBeGreaterThan(1900)
  expect(stream.heldMs()).toBeLessThan(3000 + performance.now() - since)
  stream.leave()
})

test('what catches up when its reader is there dates it too', async () => {
  const stream = playStream(server.url)
  await stream.joined
  server.send(Buffer.concat([KEY_FRAME, writtenMessage({ type: MESSAGE.control, body: PING })]))
  await vi.waitFor(() => expect(server.heard().includes(PONG)).toBe(true))
  stream.feed(new PassThrough().resume(), { audio: true })
  server.send(picture(5040))
  await vi.waitFor(() => expect(stream.heldMs()).toBeGreaterThan(4000))
  stream.leave()
})

test('sound goes with the next picture, or three together, and is not lost at the end', async () => {
  const stream = playStream(server.url)
  await stream.joined
  const written: number[] = []
  const reader = new Writable({
    write(chunk: Buffer, _, done) {
      written.push(chunk.length)
      done()
    },
  })
  const shown: number[] = []
  stream.feed(reader, { audio: true }, ({ ms }) => shown.push(ms))
  server.send(
    Buffer.concat([KEY_FRAME, sound(41), sound(62), picture(80), ...[90, 111, 132, 153].map(sound)]),
  )
  server.send(writtenMessage({ type: MESSAGE.control, body: OVER }))
  await once(reader, 'finish')
  expect(written).toEqual([
    FLV_HEADER_BYTES,
    KEY_FRAME_TAG_BYTES,
    2 * SOUND_TAG_BYTES + KEY_FRAME_TAG_BYTES,
    3 * SOUND_TAG_BYTES,
    SOUND_TAG_BYTES,
  ])
  expect(shown).toEqual([40, 41, 62, 80, 90, 111, 132, 153])
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
  await vi.waitFor(() => expect(server.waiting()).toBeGreaterThan(0))
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
