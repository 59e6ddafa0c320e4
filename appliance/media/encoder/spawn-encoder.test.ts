import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { hasBacklog, spawnEncoder } from './spawn-encoder.ts'

const MUCH = Buffer.alloc(1024 ** 2)

test('who leaves lying what is played to it has a backlog, who reads it has none', async () => {
  const [idle, eager] = [start('setInterval(() => {}, 1000)'), start('process.stdin.resume()')]
  await vi.waitFor(() => expect(eager.stdin?.writableLength).toBe(0), { timeout: 30_000 })
  expect([hasBacklog(idle), hasBacklog(eager)]).toEqual([true, false])
  for (const child of [idle, eager]) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}, 60_000)

function start(script: string) {
  const played = {
    feed: (stdin: NodeJS.WritableStream) => void stdin.write(MUCH),
    leave: () => {},
    handedMs: () => 0,
  }
  return spawnEncoder([process.execPath, '-e', script], 1, played)
}
