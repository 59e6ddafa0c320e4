import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { becomesPlayable } from './playable.ts'

const STREAM = { '/index.m3u8': '#EXTM3U\nv.m3u8', '/v.m3u8': '#EXTM3U\n1.m4s', '/1.m4s': 'bytes' }

async function playWith(files: Record<string, string>) {
  const server = createServer(({ url = '' }, response) => {
    const file = files[url]
    response.writeHead(file === undefined ? 404 : 200).end(file)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close().closeAllConnections())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const at = (path: string) => `http://127.0.0.1:${port}${path}`
  const whyNot = () => 'Its encoder said last: nothing'
  await becomesPlayable({ manifest: at('/index.m3u8'), location: at('/streams/demo') }, whyNot, 200)
}

test('a stream is there once a segment can be had and the control plane says where', async () => {
  await playWith({ ...STREAM, '/streams/demo': '{}' })
})

test.each([
  ['the control plane does not know where', STREAM],
  ['no segment can be had', { ...STREAM, '/1.m4s': undefined, '/streams/demo': '{}' }],
])('it is not there when %s', async (_, files) => {
  await expect(playWith(JSON.parse(JSON.stringify(files)))).rejects.toThrow(
    'does not become playable. Its encoder said last: nothing',
  )
})
