import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { CheckedAddress } from './checked-address.ts'
import { findSources } from './find-source.ts'
import type { Place } from './judge-address.ts'
import { openPullDoor } from './pull-door.ts'
import { makeTestFilm } from './serve-test-film.ts'
import { readSourceUrl } from './source-url.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'ingest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const sources = findSources({
    ingestDirectory: folder,
    rtmpServer: 'rtmp://127.0.0.1:1935',
    publishedTo: () => undefined,
    houseDoor: 'http://127.0.0.1:9',
    check: async () => ({ refused: 'it is an odd one' }),
  })
  const { signal } = new AbortController()
  return {
    folder,
    judge: (text: string) => sources.judge(readSourceUrl(text, 1935)),
    find: (text: string) => sources.find(readSourceUrl(text, 1935), signal),
  }
}

test('only a file that lies in the ingest folder is a source', async () => {
  const { folder, judge } = open()
  writeFileSync(join(folder, 'film.ts'), '')
  mkdirSync(join(folder, 'sub'))
  execFileSync('mkfifo', [join(folder, 'pipe.ts')])
  symlinkSync('/etc/hostname', join(folder, 'out.ts'))
  symlinkSync('film.ts', join(folder, 'in.ts'))
  await judge('film.ts')
  await judge('in.ts')
  for (const name of ['sub', 'pipe.ts', 'out.ts', 'none.ts'])
    await expect(judge(name), name).rejects.toThrow(/names no file of the ingest folder/)
})

test('an address that is refused is refused when it is asked for, and when it is opened', async () => {
  const { judge, find } = open()
  for (const scheme of ['http', 'https', 'rtmp', 'rtmps', 'rtsp', 'rtsps', 'srt']) {
    await expect(judge(`${scheme}://camera.example:9/x`)).rejects.toThrow(/an odd one/)
    expect(await find(`${scheme}://camera.example:9/x`)).toEqual({ why: expect.stringMatching(/an odd one/) })
  }
})

/** Each would show a film of the machine, if ffmpeg took it for what it says it is. */
test.each([
  ['list.ts', (film: string) => `ffconcat version 1.0\nfile '${film}'\n`],
  [
    'playlist.ts',
    (film: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:${film}\n#EXT-X-ENDLIST\n`,
  ],
])(
  'a file that names others (%s) is not followed',
  async (name, content) => {
    const { folder, find } = open()
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
    onTestFinished(() => rmSync(elsewhere, { recursive: true }))
    const film = join(elsewhere, 'film.ts')
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2']
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...picture, '-c:v', 'mpeg2video', film])
    writeFileSync(join(folder, name), content(film))
    expect(await find(name)).toHaveProperty('why')
  },
  60_000,
)

const HOSTS: Record<string, Place> = {
  partner: 'internet',
  mirror: 'internet',
  nas: 'house',
  router: 'house',
}

/** A server that leads to `host`, by redirect and by playlist, and has a film. Whoever looks for any of the hosts finds it. */
async function startWeb() {
  const folder = mkdtempSync(join(tmpdir(), 'web-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await makeTestFilm(join(folder, 'film.ts'), 2)
  const film = readFileSync(join(folder, 'film.ts'))
  const asked: string[] = []
  const server = createServer(({ url, headers }, outgoing) => {
    const [, way, host = ''] = /^\/(list|moved)-(\w+)/.exec(url ?? '') ?? []
    const elsewhere = `http://${host}:${port}/film.ts`
    asked.push(`${headers.host?.split(':')[0]}${url}`)
    if (way === 'moved') return outgoing.writeHead(302, { location: elsewhere }).end()
    const list = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${elsewhere}\n#EXT-X-ENDLIST\n`
    return outgoing.end(way === 'list' ? list : film)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  const { port } = { port: 0, ...Object(server.address()) }
  return { port, asked }
}

/** Sources of this web, through doors that know where each host is. */
async function throughDoors() {
  const check = async (name: string): Promise<CheckedAddress> => {
    const place = HOSTS[name]
    return place ? { address: '127.0.0.1', place } : { refused: 'nobody' }
  }
  const [house, internet] = [await openPullDoor('house', check), await openPullDoor('internet', check)]
  vi.stubEnv('http_proxy', internet.url)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    for (const door of [house, internet]) door.close()
  })
  const places = { ingestDirectory: '/nowhere', rtmpServer: 'rtmp://127.0.0.1', publishedTo: () => undefined }
  return findSources({ ...places, houseDoor: house.url, check })
}

test.each([
  ['partner', 'mirror', true],
  ['nas', 'router', true],
  ['partner', 'router', false],
  ['nas', 'mirror', false],
])(
  'a source at %s may lead to %s: %s',
  async (from, to, may) => {
    const [web, sources] = [await startWeb(), await throughDoors()]
    for (const way of ['list', 'moved']) {
      const source = readSourceUrl(`http://${from}:${web.port}/${way}-${to}.m3u8`, 1935)
      const looked = await sources.find(source, new AbortController().signal)
      expect(looked).toHaveProperty(may ? 'found' : 'why')
    }
    expect(web.asked).toContain(`${from}/list-${to}.m3u8`)
    expect(web.asked.includes(`${to}/film.ts`)).toBe(may)
  },
  60_000,
)
