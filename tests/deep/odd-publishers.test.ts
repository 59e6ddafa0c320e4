import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test, vi } from 'vitest'
import { startTestNode } from '../../appliance/media/start-test-node.ts'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import { observeSource } from '../conformance/observe-source.ts'
import { filmArguments, ODD_FILES, ODD_SOURCES, type Publish, source } from '../conformance/odd-sources.ts'

const run = promisify(execFile)
/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const TEST_MS = 120_000
const SYNC_SECONDS = 0.05
const WATCHED_SECONDS = 3

let node: Awaited<ReturnType<typeof startTestNode>>
let http: Awaited<ReturnType<typeof startNodeHttp>>
let streams = 0

beforeAll(async () => {
  node = await startTestNode()
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
  http = await startNodeHttp(node.runtimeDirectory)
  node.publish('radio?key=secret', source(undefined, {}))
}, TEST_MS)
afterAll(async () => {
  await http?.stop()
  await node?.stop()
}, TEST_MS)

/** Two at a time: most of the time nothing happens. */
const pairs = ODD_SOURCES.flatMap((one, at) => {
  const other = ODD_SOURCES[at + 1] ?? one
  return at % 2 ? [] : [{ names: `${one[0]} and ${other[0]}`, two: [one, other] }]
})

test.each(pairs)('$names are shown', { timeout: TEST_MS }, async ({ two }) => {
  onTestFailed(() => console.error(node.log.join('\n')))
  await Promise.all(two.map(([, publish, frames]) => isShown(publish, frames)))
})

async function isShown(publish: Publish, frames: number) {
  const name = `odd-${++streams}`
  const publisher = node.publish(`${name}?key=secret`, publish)
  await isWhole(name, frames)
  publisher.kill('SIGKILL')
  await once(publisher, 'close')
}

async function isWhole(name: string, frames: number) {
  const seen = await observeSource(indexOf(name), WATCHED_SECONDS)
  expect(seen).toMatchObject({ faults: [], complaints: [], ended: false, runs: 1, frames })
  expect(seen.segments).toBeGreaterThan(1)
  expect(seen.apartSeconds).toBeLessThan(SYNC_SECONDS)
  expect((await node.stream(name)).problems).toEqual([])
}

test.each(['yuv422p', 'yuv444p'])(
  'a source of %s is shown in its own size',
  { timeout: TEST_MS },
  async (colours) => {
    const publisher = node.publish(
      `${colours}?key=secret`,
      source({ size: '362x202', coder: ['-tune', 'zerolatency', '-pix_fmt', colours] }, {}),
    )
    await vi.waitFor(async () => expect((await node.stream(colours)).state).toBe('live'), WITHIN)
    expect(await node.stream(colours)).toMatchObject({
      source: { width: 362, height: 202 },
      renditions: [{ id: 'v202', width: 362, height: 202 }],
    })
    publisher.kill('SIGKILL')
  },
)

test('a film of HEVC and Opus is shown', { timeout: TEST_MS }, async () => {
  const [[film, coders] = ['', []]] = ODD_FILES
  await run('ffmpeg', filmArguments(node.state('ingest', film), coders))
  expect(await node.ask('POST', '/streams', { stream_id: 'film', source_url: film })).toMatchObject({
    status: 201,
  })
  await isWhole('film', 50)
  await node.ask('DELETE', '/streams/film')
})

test('a source that is silent for two seconds goes on as before', { timeout: TEST_MS }, async () => {
  const publisher = node.publish('halting?key=secret')
  const watched = observeSource(indexOf('halting'), 8)
  await vi.waitFor(async () => expect((await node.stream('halting')).state).toBe('live'), WITHIN)
  process.kill(publisher.pid ?? 0, 'SIGSTOP')
  await sleep(2000)
  process.kill(publisher.pid ?? 0, 'SIGCONT')
  expect(await watched).toMatchObject({ faults: [], complaints: [], ended: false, runs: 1 })
})

test('a source that falls silent is waited for until it sends again', { timeout: TEST_MS }, async () => {
  streams += 1 // a second try finds nothing of the first
  const name = `silent${streams}`
  const publisher = node.publish(`${name}?key=secret`)
  onTestFinished(() => void publisher.kill('SIGKILL'))
  const said = async () => (await node.stream(name)).problems.map(({ what }) => what).join(' ')
  await vi.waitFor(async () => expect((await node.stream(name)).state).toBe('live'), WITHIN)
  await sleep(3000) // until its encoder holds something back
  process.kill(publisher.pid ?? 0, 'SIGSTOP')
  await vi.waitFor(async () => expect((await node.stream(name)).state).toBe('waiting'), WITHIN)
  const states = new Set<string>()
  for (let look = 0; look < 30; look++) {
    states.add((await node.stream(name)).state)
    await sleep(100)
  }
  expect([...states]).toEqual(['waiting'])
  expect(await said()).toMatch(
    /nothing came of it.*No picture came out of its encoder for 5 s: it is started again/,
  )
  expect(await said()).not.toMatch(/went on|began a new run/)
  process.kill(publisher.pid ?? 0, 'SIGCONT')
  await vi.waitFor(async () => expect((await node.stream(name)).state).toBe('live'), WITHIN)
  expect(await said()).toMatch(/began a new run/)
  const { body } = await node.ask('GET', `/streams/${name}/runs`)
  const [first, ...later] = JSON.parse(body).runs
  expect(first).toMatchObject({ reason: 'no picture came out of it for 5 s' })
  expect(later).not.toEqual([]) // on a busy machine one more, for a source that catches up as if its clock jumped
})

test('why a source without a picture is not shown is said', { timeout: TEST_MS }, async () => {
  await vi.waitFor(async () => expect((await node.stream('radio')).problems).toHaveLength(1), WITHIN)
  const { state, problems, record } = await node.stream('radio')
  expect([state, record]).toEqual(['starting', null])
  expect(problems[0]?.what).toBe('It sends no picture. It is shown as soon as its encoder sends one.')
  expect(node.log.filter((line) => line.includes('It sends no picture'))).toHaveLength(1)
})

function indexOf(name: string) {
  return `http://127.0.0.1:${http.playback}/streams/${name}/index.m3u8`
}
