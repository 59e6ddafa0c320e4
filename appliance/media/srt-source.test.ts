import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test as plainTest, vi } from 'vitest'
import { freePort } from '../../tests/setup/free-port.ts'
import { besideNeighbours, startTestNode } from './start-test-node.ts'

/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const TEST_MS = 120_000
const LAN = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address
const test = plainTest.runIf(LAN)

let node: Awaited<ReturnType<typeof startTestNode>>
beforeAll(async () => {
  node = await startTestNode(besideNeighbours)
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
}, TEST_MS)
afterAll(() => node?.stop(), TEST_MS)

test('a source is pulled by SRT, with its passphrase, which nobody sees', { timeout: TEST_MS }, async () => {
  onTestFailed(() => console.error(node.log.join('\n')))
  const url = `srt://${LAN}:${await freePort()}`
  onTestFinished(serveSrt(`${url}?mode=listener&passphrase=s3cret-enough`))
  const source_url = `${url}?passphrase=s3cret-enough&latency=200000`
  expect((await node.ask('POST', '/streams', { stream_id: 'far', source_url })).status).toBe(201)
  await vi.waitFor(async () => expect(await node.stream('far')).toMatchObject({ state: 'live' }), WITHIN)
  expect(await node.stream('far')).toMatchObject({
    source: { width: 320, height: 180, frames_per_second: 25, audio: true },
    wanted: { source_url: `${url}?***` },
  })
  const told = [(await node.ask('GET', '/streams/far/runs')).body, node.log.join()]
  expect(told.join()).not.toContain('s3cret')
})

test('a source that wants another passphrase is tried again, and that is said', {
  timeout: TEST_MS,
}, async () => {
  onTestFailed(() => console.error(node.log.join('\n')))
  const url = `srt://${LAN}:${await freePort()}`
  onTestFinished(serveSrt(`${url}?mode=listener&passphrase=s3cret-enough`))
  const source_url = `${url}?passphrase=a-wrong-guess`
  expect((await node.ask('POST', '/streams', { stream_id: 'locked', source_url })).status).toBe(201)
  await vi.waitFor(async () => expect((await node.stream('locked')).problems).not.toEqual([]), WITHIN)
  const { state, problems } = await node.stream('locked')
  expect(state).toBe('starting')
  expect(problems.map(({ what }) => what).join()).toMatch(/does not answer, or wants another passphrase/)
})

/** A sender that waits to be called. ffmpeg takes one caller in its life, so it begins anew for each. Returns what ends it. */
function serveSrt(url: string): () => Promise<void> {
  let sender: ChildProcess
  let ending = false
  const begin = () => {
    sender = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'ffmpeg', ...film, url], { stdio: 'ignore' })
    sender.once('close', () => ending || begin())
  }
  begin()
  return async () => {
    ending = true
    const closed = once(sender, 'close')
    sender.kill('SIGKILL')
    await closed
  }
}

const film = [
  ...['-v', 'error', '-nostdin', '-re', '-f', 'lavfi'],
  ...['-i', 'testsrc2=size=320x180:rate=25[out0];sine=sample_rate=48000[out1]'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-pix_fmt', 'yuv420p'],
  ...['-c:a', 'aac', '-f', 'mpegts'],
]
