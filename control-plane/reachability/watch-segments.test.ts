import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { watchSegments } from './watch-segments.ts'

const { rooms, db, enrolledNode } = await startTestControlPlane()

const now = new Date()
let ahead = 0
const clock = () => new Date(now.getTime() + ahead * 1000)

test('a segment is fetched now and then while something is live; what came of it is a dated fact', async () => {
  const asked: string[] = []
  let broken = false
  const port = await serve((url) => {
    asked.push(url)
    return broken ? undefined : FILES[url]
  })
  const node = await enrolledNode()
  await node.beat({ ports: { playback: port, cdn: port, rtmp: 1935 } })
  const { look } = watchSegments({ ...rooms, now: clock })
  const lookAfter = async (seconds: number) => {
    ahead += seconds
    await look((await rooms.standings.findEach(node.id, now))[0] ?? expect.fail())
    return (await rooms.nodeViews.list()).find(({ id }) => id === node.id)?.segments
  }
  expect(await lookAfter(0), 'nothing is live').toEqual([])
  expect(asked).toEqual([])

  await rooms.streamCatalog.addStream({ name: 'golive', open: true })
  expect((await node.post('/streams', LIVE, { path: '/streams' })).status).toBe(200)
  await db
    .updateTable('stream_report')
    .set({ lives_until: new Date(now.getTime() + 600_000) })
    .execute()
  const first = await lookAfter(6)
  expect(first).toMatchObject([{ family: 4, is: true, stream: 'golive', bytes: 5, since: clock() }])
  await lookAfter(30)
  expect(asked).toHaveLength(3)
  broken = true
  expect(await lookAfter(31)).toMatchObject([
    { is: false, since: clock(), cause: expect.stringContaining('404') },
  ])
  const since = clock()
  expect(await lookAfter(10)).toMatchObject([{ is: false, since, checkedAt: clock() }])
})

const FILES: Record<string, string> = {
  '/golive/index.m3u8': '#EXT-X-MEDIA:TYPE=AUDIO,URI="audio.m3u8"',
  '/golive/audio.m3u8': 'audio.m4s',
  '/golive/audio.m4s': 'sound',
}

const LIVE = {
  name: 'golive',
  state: 'live',
  manifest: 'index.m3u8',
  renditions: [],
  record: {
    session: 'saaaaaaaaaaaa',
    startedAt: '2026-01-01T00:00:00.000Z',
    run: 1,
    origin: '2026-01-01T00:00:00.000Z',
    phase: 0,
    segmentSeconds: 2,
    firstNumber: 0,
    discontinuitySequence: 0,
    ladder: [],
  },
}

async function serve(fileOf: (url: string) => string | undefined) {
  const server = createServer((request, response) => {
    const file = fileOf(request.url ?? '')
    response.writeHead(file === undefined ? 404 : 200).end(file)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return (server.address() as AddressInfo).port
}
