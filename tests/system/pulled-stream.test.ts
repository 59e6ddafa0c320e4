import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, expectStatus } from './eventually.ts'
import { type Fleet, run, startFleet } from './start-test-fleet.ts'

const node = 'http://127.0.0.1:8083'
let fleet: Fleet

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  const folder = join(fleet.state, 'node-1/media/ingest')
  mkdirSync(folder, { recursive: true })
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=60', '-pix_fmt', 'yuv420p']
  const made = await run('ffmpeg', [
    '-v',
    'error',
    ...picture,
    '-preset',
    'ultrafast',
    join(folder, 'film.mp4'),
  ])
  expect(made.code).toBe(0)
})
afterAll(() => fleet?.remove())

test('a stream that no page lists says so and what to do, and no longer when that is done', async () => {
  const order = JSON.stringify({ stream_id: 'film', source_url: 'film.mp4' })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${node}/streams`, { method: 'POST', headers, body: order })).status).toBe(201)
  await eventually(async () => expect(await told('film')).toMatch(/npm run stream -- add film makes one/))
  const list = await run(process.execPath, ['appliance/media/cli.ts', 'list'])
  expect(list.text).toMatch(/film: live .*npm run stream -- add film makes one/)

  await fleet.operate('stream', 'add', 'film')
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/film', 200))
  await eventually(async () => expect(await told('film')).toBe(''))
})

test('all that /openapi.json lists for reading is there, and what is no stream is not', async () => {
  const { paths } = await (await fetch(`${node}/openapi.json`)).json()
  const readable = Object.keys(paths).filter((path) => paths[path].get)
  expect(readable).toContain('/streams/{stream_id}/manifest.mpd')
  for (const path of readable)
    await eventually(() => expectStatus(node + path.replace('{stream_id}', 'film'), 200))
  const none = await expectStatus(`${node}/streams/no name`, 404)
  expect(await none.json()).toEqual({
    code: 'not-found',
    message: expect.stringMatching(/^There is nothing/),
  })
})

async function told(stream: string): Promise<string> {
  const { problems } = await (await expectStatus(`${node}/streams/${stream}`, 200)).json()
  return problems.map(({ what }: { what: string }) => what).join()
}
