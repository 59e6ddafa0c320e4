import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { askSegment } from './ask-segment.ts'

const FILES: Record<string, string> = {
  '/golive/index.m3u8': '#EXT-X-MEDIA:TYPE=AUDIO,URI="sabc/audio.m3u8"\n',
  '/golive/sabc/audio.m3u8': '#EXTINF:2,\naudio/1-7.m4s\n#EXTINF:2,\naudio/1-8.m4s\n',
  '/golive/sabc/audio/1-8.m4s': 'x'.repeat(40_000),
}
const send = (text: string) => (response: ServerResponse) => void response.end(text)

/** A node that serves these files, but for what is said otherwise. */
async function nodeWith(changes: Record<string, (response: ServerResponse) => void> = {}) {
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const change = changes[path]
    expect(request.headers['user-agent']).toBe('Sixcast-Prober')
    if (change) return change(response)
    response.writeHead(path in FILES ? 200 : 404).end(FILES[path])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return (server.address() as AddressInfo).port
}

const ask = (port: number) =>
  askSegment({ address: '127.0.0.1', port, stream: 'golive', manifest: 'index.m3u8' })

test('one real segment is fetched the way a viewer would, and told with its size and time', async () => {
  expect(await ask(await nodeWith())).toEqual({
    is: 'fetched',
    bytes: 40_000,
    milliseconds: expect.any(Number),
  })
})

test.each([
  [
    'no such stream',
    { '/golive/index.m3u8': (r: ServerResponse) => void r.writeHead(404).end() },
    /renditions .*answers 404/,
  ],
  ['no rendition', { '/golive/index.m3u8': send('#EXTM3U') }, /playlist|renditions/],
  ['no segment yet', { '/golive/sabc/audio.m3u8': send('#EXTM3U') }, /the playlist .*names none/],
  [
    'a segment on another machine',
    { '/golive/sabc/audio.m3u8': send('http://127.0.0.1:1/secret') },
    /the playlist .*another machine/,
  ],
  [
    'a segment that is missing',
    { '/golive/sabc/audio/1-8.m4s': (r: ServerResponse) => void r.writeHead(404).end() },
    /newest segment .*answers 404/,
  ],
  [
    'a segment that breaks off',
    { '/golive/sabc/audio/1-8.m4s': (r: ServerResponse) => void r.destroy() },
    /newest segment/,
  ],
  [
    'far more than a segment',
    { '/golive/sabc/audio/1-8.m4s': send('x'.repeat(3_000_000)) },
    /newest segment/,
  ],
  ['silence', { '/golive/sabc/audio/1-8.m4s': () => {} }, /newest segment .*five seconds/],
])('%s is told with the step at which it failed', async (_, changes, cause) => {
  expect(await ask(await nodeWith(changes))).toEqual({ is: 'missed', cause: expect.stringMatching(cause) })
})
