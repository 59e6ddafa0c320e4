import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { joinStream } from './join-stream.ts'
import { MESSAGE, writtenMessage } from './rtmp-message.ts'

/** What becomes of a player whose server says this after its greeting, and hangs up. */
async function joinServer(said: Buffer) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat([Buffer.alloc(1 + 2 * 1536), said])))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = { port: 0, ...Object(server.address()) }
  const over = Promise.withResolvers<void>()
  joinStream(`rtmp://127.0.0.1:${port}/stream/x`, { joined: () => {}, media: () => {}, over: over.resolve })
  return over.promise
}

test.each([0, 1, 2, 3])('a control message of %i bytes breaks nothing', async (length) => {
  await joinServer(writtenMessage({ type: MESSAGE.control, body: Buffer.alloc(length, 0) }))
})

test('whatever a server says, no more than this line is lost', async () => {
  for (let round = 0; round < 200; round += 1)
    await expect(joinServer(randomBytes(1 + round * 7))).resolves.toBeUndefined()
})
