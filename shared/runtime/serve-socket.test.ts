import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimSocket, serveSocket } from './serve-socket.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'socket-'))
  path = join(folder, 'one.sock')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a second process is refused while the first one answers, and takes its place after that', async () => {
  await claimSocket(path)
  const first = await serveSocket((_, response) => response.end('first'), path)
  await expect(claimSocket(path)).rejects.toThrow(`Another process already answers at ${path}.`)
  expect(await ask()).toBe('first')
  await first.close()
  await claimSocket(path)
  const second = await serveSocket((_, response) => response.end('second'), path)
  expect(await ask()).toBe('second')
  await second.close()
})

test('what a killed process left behind is removed, and so is a file that is no socket', async () => {
  const script = `require('node:net').createServer().listen(process.argv[1], () => console.log('up'))`
  const killed = spawn(process.execPath, ['-e', script, path])
  await once(killed.stdout, 'data')
  killed.kill('SIGKILL')
  await once(killed, 'close')
  expect(existsSync(path)).toBe(true)
  await claimSocket(path)
  expect(existsSync(path)).toBe(false)
  writeFileSync(path, '')
  await claimSocket(path)
  expect(existsSync(path)).toBe(false)
})

async function ask(): Promise<string> {
  const [response] = await once(request({ socketPath: path, path: '/', agent: false }).end(), 'response')
  return (await response.setEncoding('utf8').toArray()).join('')
}
