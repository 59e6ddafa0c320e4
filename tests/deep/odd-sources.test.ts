import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startTestNode } from '../../appliance/media/start-test-node.ts'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import { observeSource } from '../conformance/observe-source.ts'
import { filmArguments, MORE_ODD_SOURCES, ODD_FILES, PLAIN } from '../conformance/odd-sources.ts'
import { publishFlv } from '../setup/publish-flv.ts'

// What unit tests have no time for. Small sources, several at a time. The clocks of sources go wrong here, in ways that no sane encoder can be asked for.
const run = promisify(execFile)
const WITHIN = { timeout: 60_000, interval: 50 }
const SYNC_SECONDS = 0.05
const HOUR_MS = 3_600_000
/** When clocks go wrong, counted from the publisher's coming. */
const UPSET_MS = 9000

let node: Awaited<ReturnType<typeof startTestNode>>
let http: Awaited<ReturnType<typeof startNodeHttp>>
let flv: Buffer
let streams = 0

beforeAll(async () => {
  node = await startTestNode()
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
  http = await startNodeHttp(node.runtimeDirectory)
  const path = node.state('plain.flv')
  await run('ffmpeg', filmArguments(path, PLAIN, 120))
  flv = readFileSync(path)
})
afterAll(async () => {
  await http?.stop()
  await node?.stop()
})

test.each(MORE_ODD_SOURCES)('%s is shown', async (_, publish, frames) => {
  const name = `odd-${++streams}`
  const publisher = node.publish(`${name}?key=secret`, publish)
  await isWhole(name, frames)
  publisher.kill('SIGKILL')
  await once(publisher, 'close')
})

test.each(ODD_FILES)('%s is shown', async (file, coders) => {
  const name = `odd-${++streams}`
  await run('ffmpeg', filmArguments(node.state('ingest', file), coders))
  expect(await node.ask('POST', '/streams', { stream_id: name, source_url: file })).toMatchObject({
    status: 201,
  })
  await isWhole(name, 50)
  await node.ask('DELETE', `/streams/${name}`)
})

type Clock = { stamp?: (ms: number) => number; speed?: number; seconds: number; runs: number }
const from = (ms: number, offset: number) => (at: number) => (at < ms ? at : at + offset)

test.concurrent.each<[string, Clock]>([
  ['jumps ahead by an hour', { stamp: from(UPSET_MS, HOUR_MS), seconds: 30, runs: 2 }],
  ['jumps ahead by four seconds', { stamp: from(UPSET_MS, 4000), seconds: 20, runs: 2 }],
  ['jumps ahead by two seconds', { stamp: from(25_000, 2000), seconds: 60, runs: 2 }],
  ['jumps ahead by a tenth of a second', { stamp: from(UPSET_MS, 100), seconds: 20, runs: 1 }],
  ['jumps back by an hour', { stamp: (at) => at + (at < UPSET_MS ? HOUR_MS : 0), seconds: 30, runs: 2 }],
  ['jumps back by two seconds', { stamp: from(25_000, -2000), seconds: 70, runs: 2 }],
  ['passes 2^24 ms', { stamp: (at) => at + 2 ** 24 - UPSET_MS, seconds: 15, runs: 1 }],
  ['passes 2^31 ms', { stamp: (at) => at + 2 ** 31 - UPSET_MS, seconds: 15, runs: 1 }],
  ['wraps at 2^31 ms', { stamp: (at) => (at + 2 ** 31 - UPSET_MS) % 2 ** 31, seconds: 30, runs: 2 }],
  ['wraps at 2^32 ms', { stamp: (at) => at + 2 ** 32 - 65_000, seconds: 75, runs: 1 }],
  // Shown from the wrap on; the run that begins in the middle of its encoder's is replaced at once.
  ['wraps at 2^32 ms soon', { stamp: (at) => at + 2 ** 32 - UPSET_MS, seconds: 10, runs: 2 }],
  ['is 5 % fast', { speed: 1.05, seconds: 70, runs: 2 }],
  ['is 5 % slow', { speed: 0.95, seconds: 70, runs: 2 }],
])('a source whose clock %s is one session', async (_, { stamp, speed, seconds, runs }) => {
  const name = `odd-${++streams}`
  const leaving = new AbortController()
  const url = `rtmp://127.0.0.1:${node.rtmpPort}/stream/${name}?key=secret`
  const publishing = publishFlv(
    { url, flv, ...(stamp && { stamp }), ...(speed && { speed }) },
    leaving.signal,
  )
  const seen = await observeSource(indexOf(name), seconds)
  leaving.abort()
  await publishing
  expect(seen).toMatchObject({ faults: [], complaints: [], ended: false, runs })
  expect(seen.apartSeconds).toBeLessThan(SYNC_SECONDS)
  expect(seen.segments).toBeGreaterThan(seconds / 2)
})

test('a picture that cannot be read from RTMP is told of', async () => {
  const leaving = new AbortController()
  const url = `rtmp://127.0.0.1:${node.rtmpPort}/stream/hevc?key=secret`
  const publishing = publishFlv({ url, flv, code: 12 }, leaving.signal)
  const problems = async () => (await node.stream('hevc')).problems.map(({ what }) => what).join()
  await vi.waitFor(
    async () => expect(await problems()).toMatch(/Its picture cannot be read from RTMP: send H.264/),
    WITHIN,
  )
  leaving.abort()
  await publishing
})

async function isWhole(name: string, frames: number) {
  const seen = await observeSource(indexOf(name), 4)
  expect(seen).toMatchObject({ faults: [], complaints: [], ended: false, runs: 1, frames })
  expect(seen.apartSeconds).toBeLessThan(SYNC_SECONDS)
}

function indexOf(name: string) {
  return `http://127.0.0.1:${http.playback}/streams/${name}/index.m3u8`
}
