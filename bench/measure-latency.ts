import type { Browser } from 'playwright-core'
import { settings as ourSettings } from '../control-plane/viewer/hls-engine.ts'
import { sleep } from '../shared/runtime/repeat.ts'
import { startTestBrowser } from '../tests/setup/start-test-browser.ts'
import { eventually, expectStatus } from '../tests/system/eventually.ts'
import type { Bench } from './bench-options.ts'
import { markdownTable, showMs, showRatio } from './markdown-table.ts'
import type { PlayOrder } from './player-page.ts'
import { publishClock } from './publish-clock.ts'
import { servePlayer } from './serve-player.ts'
import { describeViewing, type ShownFrame, type Viewing } from './shown-frames.ts'
import { startRestedFleet } from './start-rested-fleet.ts'
import { type Rivals, startRivals } from './start-rivals.ts'
import { stopsInTurn } from './stops-in-turn.ts'

type Variant = { name: string; order: PlayOrder; seconds: number; goal: string }
type Outcome = Variant & { startUpMs: number; viewing: Viewing; failures: string[] }

const WARM_UP_SECONDS = 12
const NAME = 'golive'
const NODE = `http://127.0.0.1:8083/streams/${NAME}`

/** How old the picture is that a viewer sees: ours and others', of one source, one after the other. */
export async function measureLatency({ seconds, say }: Bench): Promise<void> {
  const cleanUp = stopsInTurn()
  try {
    cleanUp.add((await startRestedFleet({ say })).remove)
    const rivals = await startRivals()
    cleanUp.add(rivals.stop)
    const rtmp = [`rtmp://127.0.0.1:1935/stream/${NAME}`, `${rivals.rtmp}/${NAME}`]
    const camera = publishClock({ rtmp, playlist: rivals.file })
    cleanUp.add(camera.stop)
    const pages = await servePlayer()
    cleanUp.add(pages.stop)
    const browser = await startTestBrowser()
    cleanUp.add(() => browser.close())
    const variants = variantsOf(rivals, seconds)
    await eventually(() => allPlayable(variants), 60_000).catch((error) => {
      throw new Error(`not all can be played; the camera says: ${camera.said()}`, { cause: error })
    })
    say(`${await rungs()} rungs and audio; ${WARM_UP_SECONDS} s before each are not counted.\n`)
    const outcomes: Outcome[] = []
    for (const variant of variants) outcomes.push(await view(browser, pages.url, variant))
    for (const line of report(outcomes)) say(line)
  } finally {
    await cleanUp.run()
  }
}

function variantsOf(rivals: Rivals, asked: number | undefined): Variant[] {
  const hls = (url: string, settings: object): PlayOrder => ({ player: 'hls', url, settings })
  const seconds = asked ?? 45
  return [
    {
      name: 'LL-HLS (hls.js)',
      order: hls(`${NODE}/index.m3u8`, ourSettings),
      seconds: asked ?? 120,
      goal: 'median ≤ 1500 ms, p95 ≤ 2000 ms, 0 stalls in 120 s',
    },
    {
      name: 'HLS (hls.js, lowLatencyMode off)',
      order: hls(`${NODE}/index.m3u8`, { ...ourSettings, lowLatencyMode: false }),
      seconds,
      goal: '',
    },
    {
      name: 'LL-DASH (dash.js)',
      order: { player: 'dash', url: `${NODE}/manifest.mpd`, settings: {} },
      seconds,
      goal: 'median ≤ 1900 ms',
    },
    { name: "nginx-rtmp's HLS (hls.js)", order: hls(rivals.nginxRtmpUrl(NAME), {}), seconds, goal: '' },
    { name: 'ffmpeg -f hls -hls_time 3 (hls.js)', order: hls(rivals.ffmpegUrl, {}), seconds, goal: '' },
  ]
}

async function allPlayable(variants: Variant[]): Promise<void> {
  for (const { order } of variants) await expectStatus(order.url, 200)
  const ordinary = variants.map(({ order }) => order.url).filter((url) => !url.startsWith(NODE))
  for (const url of ordinary) {
    const text = await (await expectStatus(url, 200)).text()
    if (text.split('#EXTINF').length < 4) throw new Error(`${url} has too few segments yet`)
  }
}

async function rungs(): Promise<number> {
  const text = await (await expectStatus(`${NODE}/index.m3u8`, 200)).text()
  return text.split('#EXT-X-STREAM-INF').length - 1
}

async function view(browser: Browser, url: string, variant: Variant): Promise<Outcome> {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    const take = (): Promise<ShownFrame[]> => page.evaluate(() => window.takeFrames())
    const startedAt = Date.now()
    await page.evaluate((order) => window.play(order), variant.order)
    await sleep(WARM_UP_SECONDS * 1000)
    const [first] = await take()
    const from = Date.now()
    await sleep(variant.seconds * 1000)
    const viewing = describeViewing(await take(), from, Date.now())
    const failures = await page.evaluate(() => window.failures)
    return { ...variant, startUpMs: (first?.shownAt ?? Number.NaN) - startedAt, viewing, failures }
  } finally {
    await page.close()
  }
}

function report(outcomes: Outcome[]): string[] {
  const head = [
    'player',
    'median',
    'p95',
    'longest',
    'stalls',
    'longest gap',
    'start-up',
    'seconds',
    'unread',
    'goal',
  ]
  const rows = outcomes.map(({ name, viewing, startUpMs, seconds, goal }) => [
    name,
    ...[viewing.medianMs, viewing.p95Ms, viewing.longestMs].map(showMs),
    String(viewing.stalls),
    ...[viewing.longestGapMs, startUpMs].map(showMs),
    String(seconds),
    `${viewing.unread} of ${viewing.frames}`,
    goal,
  ])
  const [low, , , nginxRtmp] = outcomes.map(({ viewing }) => viewing.medianMs)
  const ratio = (low ?? Number.NaN) / (nginxRtmp ?? Number.NaN)
  return [
    ...markdownTable(head, rows),
    '',
    `LL-HLS ÷ nginx-rtmp's HLS, medians: ${showRatio(ratio)} (goal ≤ 0.2)`,
    ...outcomes.flatMap(({ name, failures }) => failures.map((failure) => `${name} gave up: ${failure}`)),
  ]
}
