import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { unreadBytes } from './unread-bytes.ts'

const WITHIN = { timeout: 10_000 }
vi.setConfig({ testTimeout: 20_000 })
const ending: (() => void)[] = []
afterEach(() => {
  for (const end of ending.splice(0)) end()
})

test('what a process does not read of its connection is counted', async () => {
  const { pid } = await connected(`socket.once('data', () => socket.pause()); setInterval(() => {}, 1000)`)
  await vi.waitFor(() => expect(unreadBytes(pid)).toBeGreaterThan(10_000), WITHIN)
})

test('a process that reads all has nothing unread', async () => {
  const { pid, told } = await connected(`socket.on('data', (data) => process.stdout.write(data))`)
  await vi.waitFor(() => expect(told()).toBe(1_000_000), WITHIN)
  await vi.waitFor(() => expect(unreadBytes(pid)).toBe(0), WITHIN)
})

test('of a process without a connection, or that is gone, nothing is known', () => {
  const child = spawn('sleep', ['60'])
  ending.push(() => child.kill())
  expect(unreadBytes(child.pid ?? 0)).toBeUndefined()
  expect(unreadBytes(2 ** 22 + 1)).toBeUndefined()
})

/** A process that does this with its connection, over which more is sent to it than it reads at once. */
async function connected(script: string) {
  let heard = 0
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {}) // the process is killed
    socket.write(Buffer.alloc(1_000_000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const child = spawn(process.execPath, [
    '-e',
    `const socket = require('net').connect(${port}, '127.0.0.1'); ${script}`,
  ])
  child.stdout.on('data', (data: Buffer) => {
    heard += data.length
  })
  ending.push(() => {
    child.kill()
    server.close()
  })
  return { pid: child.pid ?? 0, told: () => heard }
}
