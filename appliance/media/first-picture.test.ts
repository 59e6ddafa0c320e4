import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import * as z from 'zod'
import { source } from '../../tests/conformance/odd-sources.ts'
import { RunReport } from './encoder/run-reports.ts'
import { startTestNode } from './start-test-node.ts'

/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const TEST_MS = 120_000
const ONE_KEY_FRAME = 1000
const LATER_SECONDS = 5000

let node: Awaited<ReturnType<typeof startTestNode>>

beforeAll(async () => {
  node = await startTestNode()
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
}, TEST_MS)
afterAll(() => node.stop(), TEST_MS)

const live = (name: string, story: () => Promise<void>) =>
  test(name, { timeout: TEST_MS }, async () => {
    onTestFailed(() => console.error(node.log.join('\n')))
    await story()
  })

live('a stream is shown from its first key frame on, and needs no second', async () => {
  const publishers = [
    node.publish('sound?key=secret', source({ keyFrameSeconds: ONE_KEY_FRAME }, {})),
    node.publish('mute?key=secret', source({ keyFrameSeconds: ONE_KEY_FRAME }, undefined)),
  ]
  for (const name of ['sound', 'mute']) {
    await isLive(name)
    const { record, problems } = await node.stream(name)
    expect([record?.run, problems]).toEqual([1, []])
    expect(record?.phase).toBeLessThan(0.1)
  }
  for (const publisher of publishers) publisher.kill('SIGKILL')
})

live('all that a publisher sends is encoded, from the first picture to the last', async () => {
  const publisher = node.publish('short?key=secret', source({}, {}, ['-t', '4']))
  await isLive('short')
  await once(publisher, 'close')
  await vi.waitFor(async () => expect((await runs('short'))[0]?.exit_code).toBe(0), WITHIN)
  expect(await runs('short')).toMatchObject([{ frames: 100, signal: null, reason: null }])
  expect(await stat()).not.toMatch(/<name>short</)
})

live('the encoder of one publisher gets nothing of the next one', async () => {
  const first = node.publish('taken?key=secret', source({}, {}))
  await isLive('taken')
  first.kill('SIGKILL')
  await once(first, 'close')
  const next = node.publish('taken?key=secret', source({}, {}, ['-output_ts_offset', String(LATER_SECONDS)]))
  await vi.waitFor(async () => expect((await node.stream('taken')).record?.run).toBe(2), WITHIN)
  expect((await node.stream('taken')).record?.phase).toBeGreaterThan(LATER_SECONDS - 1)
  expect((await node.stream('taken')).problems).toMatchObject([
    { what: expect.stringMatching(/^Its source left\./) },
  ])
  expect(await runs('taken')).toMatchObject([{ exit_code: 0, reason: null }, { exit_code: null }])
  next.kill('SIGKILL')
})

live('an encoder whose line to its publisher is cut begins a new run', async () => {
  const publisher = node.publish('cut?key=secret', source({}, {}))
  await isLive('cut')
  await local('/control/drop/subscriber?app=stream&name=cut')
  await vi.waitFor(async () => expect((await node.stream('cut')).record?.run).toBe(2), WITHIN)
  expect(node.log.filter((line) => /publisher left.*cut/.test(line))).toEqual([])
  publisher.kill('SIGKILL')
})

async function isLive(name: string) {
  await vi.waitFor(async () => expect((await node.stream(name)).state).toBe('live'), WITHIN)
}

async function runs(name: string) {
  const { body } = await node.ask('GET', `/streams/${name}/runs`)
  return z.object({ runs: z.array(RunReport) }).parse(JSON.parse(body)).runs
}

const stat = () => local('/stat')

async function local(path: string): Promise<string> {
  const socketPath = join(node.runtimeDirectory, 'rtmp.sock')
  const [response] = await once(request({ socketPath, path }).end(), 'response')
  return text(response)
}
