import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { besideNeighbours, startTestNode } from '../start-test-node.ts'
import { probePull } from './probe-pull.ts'
import { networkInput } from './pull-input.ts'
import { makeTestFilm } from './serve-test-film.ts'

const LAN = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
const folder = mkdtempSync(join(tmpdir(), 'http-film-'))
/** It sends files from their beginning alone, as simple servers do. */
const server = createServer(({ url = '' }, outgoing) => outgoing.end(readFileSync(join(folder, url))))
let port: number

beforeAll(async () => {
  await makeTestFilm(join(folder, 'index-last.mp4'), 4)
  const remade = (...args: string[]) =>
    promisify(execFile)('ffmpeg', ['-v', 'error', '-i', 'index-last.mp4', '-c', 'copy', ...args], {
      cwd: folder,
    })
  await remade('-movflags', '+faststart', 'film.mp4')
  await remade('-hls_list_size', '0', 'film.m3u8')
  await remade('film.mpd')
  const playlist = readFileSync(join(folder, 'film.m3u8'), 'utf8')
  writeFileSync(join(folder, 'live.m3u8'), playlist.replace('#EXT-X-ENDLIST\n', ''))
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  port = Object(server.address()).port
}, 60_000)
afterAll(() => {
  server.close().closeAllConnections()
  rmSync(folder, { recursive: true })
})

const probed = (file: string) => {
  const input = networkInput('http', new URL(`http://127.0.0.1:${port}/${file}`), { address: '127.0.0.1' })
  return probePull({ input, called: 'The source at web.example', signal: new AbortController().signal })
}

test.each(['film.mp4', 'film.m3u8', 'film.mpd'])(
  'of %s it is known how long it is',
  async (file) => {
    expect(await probed(file)).toMatchObject({
      source: { width: 320 },
      film: { seconds: expect.closeTo(4, 0) },
    })
  },
  60_000,
)

test('what is live has no length', async () => {
  expect(await probed('live.m3u8')).toMatchObject({ source: { width: 320 }, film: undefined })
}, 60_000)

test('a film whose index comes too late is told as what it is', async () => {
  expect(await probed('index-last.mp4')).toEqual({
    why: expect.stringMatching(
      /^The source at web.example is a film whose index stands at its end.*byte ranges\.$/,
    ),
  })
}, 60_000)

test.runIf(LAN)(
  'a film by HTTP is played once, and then it is over',
  async () => {
    const node = await startTestNode(besideNeighbours)
    onTestFinished(() => node.stop())
    await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), { timeout: 60_000 })
    const source_url = `http://${LAN}:${port}/film.mp4`
    expect((await node.ask('POST', '/streams', { stream_id: 'film', source_url })).status).toBe(201)
    await vi.waitFor(
      async () =>
        expect(await node.stream('film')).toMatchObject({
          state: 'ended',
          problems: [{ what: `The film at ${LAN} is over.` }],
        }),
      { timeout: 60_000, interval: 100 },
    )
    expect((await node.stream('film')).record).toMatchObject({ run: 1 })
  },
  120_000,
)
