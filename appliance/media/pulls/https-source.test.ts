import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { findSources } from './find-source.ts'
import type { Place } from './judge-address.ts'
import { openPullDoor } from './pull-door.ts'
import { makeTestFilm } from './serve-test-film.ts'
import { readSourceUrl } from './source-url.ts'

const folder = mkdtempSync(join(tmpdir(), 'https-'))
const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
/** A service of this machine that nobody is to speak to. */
const victim = createTcpServer((socket) => {
  heard.push('')
  socket.on('error', () => {}).on('data', () => {})
})
let server: ReturnType<typeof createServer>
let clear: ReturnType<typeof createHttpServer>
let port = 0
let asked: string[] = []
let heard: string[] = []

beforeAll(async () => {
  const made = ['-newkey', 'rsa:2048', '-subj', '/CN=film.example', '-days', '2']
  await promisify(execFile)('openssl', ['req', '-x509', '-nodes', ...made, '-keyout', key, '-out', cert])
  await makeTestFilm(join(folder, 'film.ts'), 2)
  victim.listen(0, '127.0.0.1')
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const { socket, headers, url = '' } = incoming
    asked.push(`${socket instanceof TLSSocket && socket.servername} ${headers.host} ${url}`)
    if (url === '/away') return outgoing.writeHead(302, { location: `${cdn()}/film.ts` }).end()
    outgoing.end(PLAYLISTS[url]?.() ?? readFileSync(join(folder, url)))
  })
  server.on('tlsClientError', () => {}).listen(0, '127.0.0.1')
  clear = createHttpServer(({ url = '' }, outgoing) => outgoing.end(PLAYLISTS[url]?.())).listen(
    0,
    '127.0.0.1',
  )
  for (const each of [server, victim, clear]) if (!each.listening) await once(each, 'listening')
  port = portOf(server)
}, 60_000)
afterAll(() => {
  for (const each of [server, clear, victim]) each.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  asked = []
  heard = []
})

test.each([
  ['/film.ts', 'film.example', '/film.ts'],
  ['/list.m3u8', 'cdn.example', '/film.ts'],
  ['/relative.m3u8', 'film.example', '/film.ts'],
  ['/film.mpd', 'cdn.example', '/film.ts'],
  ['/away', 'cdn.example', '/film.ts'],
])(
  'a source behind TLS is found by %s, which leads to %s%s',
  async (path, host, file) => {
    expect(await find(`https://film.example:${port}${path}`)).toMatchObject({
      found: { source: { width: 320, height: 180 } },
    })
    expect(asked[0]).toBe(`film.example film.example:${port} ${path}`)
    expect(asked).toContain(`${host} ${host}:${port} ${file}`)
  },
  60_000,
)

test.each([
  ['https', '/evil.m3u8'],
  ['https', '/evil.mpd'],
  ['http', '/evil.mpd'],
  ['http', '/variant.m3u8'],
  ['http', '/sound.m3u8'],
])(
  'no list that comes by %s as %s leads past the door',
  async (scheme, path) => {
    const at = portOf(scheme === 'http' ? clear : server)
    expect(await find(`${scheme}://film.example:${at}${path}`)).toHaveProperty('why')
    expect(heard).toEqual([])
  },
  60_000,
)

test('on the Internet a source must be who it says', async () => {
  expect(await find(`https://film.example:${port}/film.ts`, 'internet')).toEqual({
    why: 'The source at film.example cannot be reached, or is in trouble itself.',
  })
  expect(asked).toEqual([])
}, 60_000)

const PLAYLISTS: Record<string, () => string> = {
  '/list.m3u8': () => listOf(`${cdn()}/film.ts`),
  '/relative.m3u8': () => listOf('film.ts'),
  '/film.mpd': () => manifestOf(`${cdn()}/film.ts`),
  '/evil.m3u8': () => listOf(`httpproxy://127.0.0.1:${portOf(victim)}/film.ts`),
  '/variant.m3u8': () => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ntcp://127.0.0.1:${portOf(victim)}\n`,
  '/sound.m3u8': () =>
    `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="\\tcp://127.0.0.1:${portOf(victim)}"\n#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\n/none.m3u8\n`,
  '/evil.mpd': () => manifestOf(`httpproxy://127.0.0.1:${portOf(victim)}/x&#13;&#10;&#13;&#10;`),
}

const cdn = () => `https://cdn.example:${port}`

const listOf = (entry: string) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\n${entry}\n#EXT-X-ENDLIST\n`

const manifestOf = (entry: string) =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" codecs="avc1.42c01e" width="320" height="180"><BaseURL>${entry}</BaseURL></Representation></AdaptationSet></Period></MPD>`

async function find(url: string, place: Place = 'house') {
  const check = async () => ({ address: '127.0.0.1', place })
  const door = await openPullDoor(place, check)
  const before = process.env.http_proxy
  process.env.http_proxy = door.url
  onTestFinished(() => {
    door.close()
    process.env.http_proxy = before
  })
  const sources = findSources({
    ...{ ingestDirectory: '/nowhere', rtmpServer: 'rtmp://127.0.0.1', publishedTo: () => undefined },
    ...{ houseDoor: door.url, check },
  })
  return sources.find(readSourceUrl(url, 1935), new AbortController().signal)
}

function portOf(server: { address: () => unknown }): number {
  return { port: 0, ...Object(server.address()) }.port
}
