import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { movedOn, newestSegment } from './demo-stream.ts'
import { encoderPids } from './encoder-pids.ts'
import { eventually, expectStatus } from './eventually.ts'
import { probeCodecs } from './probe-codecs.ts'
import { publish } from './start-test-encoder.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'
import { playback } from './viewer.ts'

let fleet: Fleet

beforeAll(async () => {
  fleet = await startFleet()
})
afterAll(async () => await fleet?.remove())

// Seconds are asserted generously here, and as they are promised in tests/deep/.
test.each([
  'node-1-nginx',
  'node-1-media',
  'node-1-agent',
  'node-1-rtmp',
  'control-plane',
  'database',
  'relay',
])('%s is killed and the fleet is whole again by itself', async (unit) => {
  const [killed, before] = [fleet.pid(unit), await newestSegment()]
  process.kill(killed, 'SIGKILL')
  await eventually(async () => expect(fleet.pid(unit)).not.toBe(killed))
  await eventually(() => movedOn(before))
})

test('the encoder is killed and the stream comes back in the same session', async () => {
  const [session, before] = [await presentSession(), await newestSegment()]
  const encoders = await encoderPids(fleet.pid('node-1-media'))
  expect(encoders.length).toBeGreaterThan(0)
  for (const pid of encoders) process.kill(pid, 'SIGKILL')
  await eventually(() => movedOn(before))
  expect(await encoderPids(fleet.pid('node-1-media'))).not.toEqual(expect.arrayContaining(encoders))
  expect(await presentSession()).toBe(session)
})

test('a viewer keeps playing while the control plane is away, and a new one can start through the relay', async () => {
  // Nobody has asked the relay for this one.
  const encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  await eventually(async () => expect(fleet.log('control-plane')).toMatch(/the relay knows.*golive/))
  const browser = await startTestBrowser()
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/watch/demo')
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(10))

  process.kill(fleet.pid('control-plane'), 'SIGSTOP')
  try {
    const { time } = await playback(page)
    // Longer than every buffer: 10 segments of 2 s.
    await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 25), 60_000)
    expect(await probeCodecs('http://127.0.0.1:8080/golive/index.m3u8')).toContain('h264')
  } finally {
    process.kill(fleet.pid('control-plane'), 'SIGCONT')
    await browser.close()
    await encoder.stop()
  }
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/demo', 200))
}, 150_000)

test('a node that falls silent takes its streams off the landing page, and is back by itself', async () => {
  process.kill(fleet.pid('node-1-agent'), 'SIGSTOP')
  try {
    await eventually(() => expectStatus('http://127.0.0.1:9090/streams/demo', 404), 20_000)
    expect(await (await expectStatus('http://127.0.0.1:9090/', 200)).text()).not.toContain('/watch/demo')
  } finally {
    process.kill(fleet.pid('node-1-agent'), 'SIGCONT')
  }
  await eventually(() => expectStatus('http://127.0.0.1:9090/streams/demo', 200))
})

async function presentSession() {
  const text = await (await expectStatus('http://127.0.0.1:8083/streams/demo/index.m3u8', 200)).text()
  return text.match(/^(s[a-z0-9]{12})\//m)?.[1]
}
