import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { leadBy, openWay } from '../setup/front-ways.ts'
import { markPlayback, playbackSince, seePlayback } from '../setup/see-playback.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from './eventually.ts'
import { probeCodecs } from './probe-codecs.ts'
import { serveHls } from './serve-hls.ts'
import { publish } from './start-test-encoder.ts'
import { type Fleet, run, startFleet } from './start-test-fleet.ts'
import { playback } from './viewer.ts'

const CLOUD = 'http://127.0.0.1:9090'
const NODE = '127.0.0.1:8084'
const RELAY = '127.0.0.1:8080'

let fleet: Fleet
let browser: Browser
let player: Awaited<ReturnType<typeof serveHls>>
let encoder: ReturnType<typeof publish>

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  browser = await startTestBrowser()
  player = await serveHls()
  encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  await eventually(() => expectStatus(`${CLOUD}/play/golive`, 200))
})
afterAll(async () => {
  await encoder?.stop()
  await player?.stop()
  await browser?.close()
  await fleet?.remove()
})

test('hls.js plays picture and sound from the node, and is steered back to it when it has gone to the relay', async () => {
  const page = await browser.newPage()
  await page.goto(`${player.url}?${CLOUD}/play/golive`)
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(10))
  await eventually(async () => expect(await sourcesOf(page)).toEqual([`audio ${NODE}`, `main ${NODE}`]))

  await page.evaluate(`pieces = []; hls.pathwayPriority = ['relay']`)
  await eventually(async () =>
    expect(await sourcesOf(page)).toEqual(expect.arrayContaining([`audio ${RELAY}`, `main ${RELAY}`])),
  )
  await page.evaluate('pieces = []')
  await eventually(async () =>
    expect(await sourcesOf(page)).toEqual(expect.arrayContaining([`audio ${NODE}`, `main ${NODE}`])),
  )
  const { time } = await playback(page)
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 1))
  expect(await page.evaluate('errors.filter(({ fatal }) => fatal)')).toEqual([])
  await page.close()
})

test('a player that knows the relay alone is told of the node while it plays, and goes there', async () => {
  const page = await browser.newPage()
  const whole = await (await expectStatus(`${CLOUD}/play/golive`, 200)).text()
  await page.route(`${CLOUD}/alone.m3u8`, (route) =>
    route.fulfill({ body: relayAlone(whole), headers: { 'access-control-allow-origin': '*' } }),
  )
  await page.goto(`${player.url}?${CLOUD}/alone.m3u8`)
  await eventually(async () =>
    expect(await sourcesOf(page)).toEqual(expect.arrayContaining([`audio ${NODE}`, `main ${NODE}`])),
  )
  expect(await page.evaluate('errors.filter(({ fatal }) => fatal)')).toEqual([])
  await page.close()
})

test('the watch page is steered, and plays on by itself when its node’s nginx has begun anew', async () => {
  const page = await browser.newPage()
  const asked = new Set<string>()
  page.on('request', (request) => asked.add(new URL(request.url()).pathname))
  await page.goto(`${CLOUD}/watch/golive`)
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(10))
  await eventually(async () =>
    expect([...asked]).toEqual(expect.arrayContaining(['/play/golive', '/steer/golive'])),
  )

  const killed = fleet.pid('node-1-nginx')
  process.kill(killed, 'SIGKILL')
  await eventually(async () => expect(fleet.pid('node-1-nginx')).not.toBe(killed))
  const { time } = await playback(page)
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 5))
  await page.close()
})

test('the watch page goes another way as soon as its own falls silent, without beginning anew', async () => {
  const ways = [await openWay('127.0.0.8'), await openWay('127.0.0.9')]
  onTestFinished(async () => {
    for (const way of ways) await way.stop()
  })
  const page = await browser.newPage()
  await seePlayback(page)
  await leadBy(page, ways)
  const loads: string[] = []
  page.on('request', (request) => void (/\/play\//.test(request.url()) && loads.push(request.url())))
  await page.goto(`${CLOUD}/watch/golive`)
  await eventually(async () => expect((await playback(page)).frames).toBeGreaterThan(30))
  await markPlayback(page)
  ways[0]?.silence()
  await eventually(async () => expect((await playbackSince(page)).pathway).toBe('second'), 10_000)
  const { time } = await playback(page)
  await eventually(async () => expect((await playback(page)).time).toBeGreaterThan(time + 2))
  const { movedAfterMs, lost } = await playbackSince(page)
  expect(lost).toEqual([{ pathway: expect.stringMatching(/^n/), how: 'timeout' }])
  expect(movedAfterMs).toBeLessThan(8000)
  expect(loads).toHaveLength(1)
  await page.close()
})

test('players without steering play it too, and follow /go', async () => {
  for (const url of [`${CLOUD}/play/golive`, `${CLOUD}/go/golive`])
    expect(await probeCodecs(url), url).toMatch(/h264[\s\S]*aac|aac[\s\S]*h264/)
  const { code, text } = await run('curl', ['-fsSL', '-w', '%{url_effective}', `${CLOUD}/go/golive`])
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/^#EXTM3U\n[\s\S]*http:..127.0.0.1:8084.golive.index.m3u8$/),
  ])
  const none = await run('curl', ['-sL', `${CLOUD}/go/nowhere`])
  expect(none.text).toBe('There is no stream of this name.\n')
})

test('an operator asks with curl why, as documented', async () => {
  const { password } = await fleet.operate('password')
  const jar = `${fleet.state}/cookies`
  const form = ['-d', 'name=admin', '--data-urlencode', `password=${password}`]
  const login = [
    '-fsS',
    '-o',
    '/dev/null',
    '-c',
    jar,
    '-H',
    `origin: ${CLOUD}`,
    ...form,
    `${CLOUD}/console/login`,
  ]
  expect(await run('curl', login)).toEqual({ code: 0, text: '' })
  // On a busy machine its nginx was away for long enough, in the test before this, to be watched for ten seconds now.
  const { found: candidates } = await eventually(async () => {
    const { text } = await run('curl', ['-fsS', '-b', jar, `${CLOUD}/v1/why/golive`])
    const asked = JSON.parse(text).candidates
    expect(asked).toMatchObject([
      { host: NODE, chosen: true, role: 'origin', standing: 'healthy', why: 'Nothing is better.' },
      { host: RELAY, chosen: true, pathway: 'relay' },
    ])
    return asked
  })
  expect((await fetch(`${CLOUD}/v1/why/golive`)).status).toBe(401)

  const told = await run('curl', ['-fsS', '-b', jar, `${CLOUD}/v1/experience?stream=golive`])
  expect(JSON.parse(told.text), 'what players told in the tests before this').toMatchObject({
    joins: expect.any(Number),
    medianJoinMs: expect.any(Number),
    failures: expect.arrayContaining([
      expect.objectContaining({ pathway: candidates[0].pathway, timeout: 1 }),
    ]),
  })
})

test('a control plane that was killed sends viewers on with its first answer', async () => {
  process.kill(fleet.pid('control-plane'), 'SIGKILL')
  await eventually(() => expect(fetch(`${CLOUD}/health`)).rejects.toThrow())
  const { found } = await eventually(() => fetch(`${CLOUD}/play/golive`))
  expect(found.status).toBe(200)
  expect(await found.text()).toContain(`http://${NODE}/golive/`)
})

/** Where picture and sound have come from so far. */
async function sourcesOf(page: Page) {
  const sources = await page.evaluate<string[]>('pieces.map(({ type, host }) => [type, host].join(" "))')
  return [...new Set(sources)].sort()
}

/** The playlist as it was while no node could be reached. */
const relayAlone = (playlist: string) =>
  playlist
    .split(/\n(?=#)/)
    .filter((lines) => !/^#EXT-X-(?:STREAM-INF|MEDIA):.*"(?:audio-)?n[a-z2-7]{8}-g/.test(lines))
    .join('\n')
    .replace(/&has=[^"]*",PATHWAY-ID="[^"]*"/, '&has=relay",PATHWAY-ID="relay"')
