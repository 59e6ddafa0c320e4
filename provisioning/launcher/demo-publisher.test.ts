import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { serve, startNginx, user } from '../../nginx/start-test-nginx.ts'
import { freePort } from '../../tests/setup/free-port.ts'
import { demoKeyFile, demoPublisher } from './demo-publisher.ts'

test('the demo is published with its key, which does not stand in its command', async () => {
  const folder = mkdtempSync(`${tmpdir()}/sixcast-demo-`)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const asked = Promise.withResolvers<URLSearchParams>()
  const media = await serve(`${folder}/media.sock`, async (received, response) => {
    const form = await text(received)
    if (received.url === '/rtmp/publish') asked.resolve(new URLSearchParams(form))
    response.end()
  })
  onTestFinished(() => media.stop())
  const port = await freePort()
  const sockets = { runtime_directory: folder, rtmp_socket: `${folder}/rtmp.sock` }
  const nginx = await startNginx(
    'node-rtmp.conf',
    { user, listen: ['127.0.0.1'], rtmp_port: port, ...sockets },
    port,
  )
  onTestFinished(() => nginx.stop())

  writeFileSync(`${folder}/demo.key`, demoKeyFile('s3cret_-key'))
  const [program = '', ...options] = demoPublisher({
    server: `rtmp://127.0.0.1:${port}/stream`,
    keyFile: `${folder}/demo.key`,
  })
  const publisher = spawn(program, options, { stdio: 'ignore' })
  const closed = once(publisher, 'close')
  onTestFinished(async () => {
    publisher.kill('SIGKILL')
    await closed
  })
  expect(Object.fromEntries(await asked.promise)).toMatchObject({
    app: 'stream',
    name: 'demo',
    key: 's3cret_-key',
  })
  expect(options.join(' ')).not.toContain('s3cret')
})
