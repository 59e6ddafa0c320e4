import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { movedOn, newestSegment } from '../system/demo-stream.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { probeCodecs } from '../system/probe-codecs.ts'
import { documentedCommand, publish } from '../system/start-test-encoder.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'
import { playback } from '../system/viewer.ts'

// Holds the promises that are numbers. Wants a machine with nothing else to do.
let fleet: Fleet

beforeAll(async () => {
  const startedAt = Date.now()
  fleet = await startFleet()
  expect(Date.now() - startedAt, 'cold start').toBeLessThan(15_000)
  await fleet.stop()
  const againAt = Date.now()
  fleet = await startFleet([], { state: fleet.state })
  expect(Date.now() - againAt, 'warm start').toBeLessThan(5000)
})
afterAll(async () => {
  const stoppedAt = Date.now()
  await fleet?.stop('SIGINT')
  expect(Date.now() - stoppedAt, 'Ctrl-C').toBeLessThan(5000)
  await fleet?.remove()
})

test.each([
  ['node-1-nginx', 3000, 'http://127.0.0.1:8083/streams/demo/index.m3u8'],
  ['relay', 3000, 'http://127.0.0.1:8080/demo/index.m3u8'],
  // Not the index: that is a file, which nginx serves when media is dead too.
  ['node-1-media', 5000, 'http://127.0.0.1:8083/health'],
  ['control-plane', 5000, 'http://127.0.0.1:9090/health'],
  ['database', 8000, 'http://127.0.0.1:9090/streams/demo'],
])('%s is killed and answers again within %i ms', async (unit, withinMs, url) => {
  const killed = fleet.pid(unit)
  // Right after a start the relay may still remember for a second that nothing was live.
  const { found: before } = await eventually(() => newestSegment())
  process.kill(killed, 'SIGKILL')
  const { afterMs } = await eventually(async () => {
    expect(fleet.pid(unit)).not.toBe(killed)
    await expectStatus(url, 200)
  })
  expect(afterMs).toBeLessThan(withinMs)
  await eventually(() => movedOn(before))
})

test('what an encoder sends as documented plays through the relay after six seconds, and is nowhere ten after its end', async () => {
  const browser = await startTestBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/')
  const encoder = publish('rtmp://localhost:1935/stream/golive', documentedCommand)
  onTestFinished(() => encoder.stop('SIGKILL'))
  const begun = await eventually(() => newestSegment('golive'))
  expect(begun.afterMs).toBeLessThan(6000)
  expect(await probeCodecs('http://127.0.0.1:8080/golive/index.m3u8')).toMatch(
    /h264[\s\S]*aac|aac[\s\S]*h264/,
  )
  const card = page.locator('a[href="/watch/golive"]').first()
  await card.waitFor()

  await encoder.stop('SIGKILL')
  const endedAt = Date.now()
  await Promise.all([
    card.waitFor({ state: 'detached' }),
    eventually(() => expectStatus('http://127.0.0.1:9090/streams/golive', 404)),
    eventually(() => expectStatus('http://127.0.0.1:8083/streams/golive/index.m3u8', 404)),
    eventually(() => expectStatus('http://127.0.0.1:8080/golive/index.m3u8', 404)),
  ])
  expect(Date.now() - endedAt).toBeLessThan(10_000)
})

test('the picture of a stream is never older than ten seconds', async () => {
  const url = 'http://127.0.0.1:8083/streams/demo/thumbnail.jpg'
  for (let round = 0; round < 3; round++) {
    const tag = (await expectStatus(url, 200)).headers.get('etag')
    const { afterMs } = await eventually(async () =>
      expect((await expectStatus(url, 200)).headers.get('etag')).not.toBe(tag),
    )
    expect(afterMs).toBeLessThan(10_000)
  }
})

test('through a minute without the control plane a viewer plays on, and after it a new one can start through the relay', async () => {
  // Nobody has asked the relay for this one.
  const known = () => fleet.log('control-plane').match(/the relay knows.*golive/g)?.length ?? 0
  const before = known()
  const encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  await eventually(async () => expect(known()).toBeGreaterThan(before))
  const browser = await startTestBrowser()
  const page = await browser.newPage()
  await page.goto('http://127.0.0.1:9090/watch/demo')
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(10))
  const { time } = await playback(page)
  process.kill(fleet.pid('control-plane'), 'SIGSTOP')
  try {
    const { afterMs } = await eventually(
      async () => expect((await playback(page)).time).toBeGreaterThan(time + 60),
      90_000,
    )
    expect(afterMs, 'in real time, without a pause').toBeLessThan(65_000)
    expect(await probeCodecs('http://127.0.0.1:8080/golive/index.m3u8')).toContain('h264')
  } finally {
    process.kill(fleet.pid('control-plane'), 'SIGCONT')
    await browser.close()
    await encoder.stop()
  }
})
