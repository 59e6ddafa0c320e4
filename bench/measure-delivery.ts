import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sleep } from '../shared/runtime/repeat.ts'
import { expectStatus } from '../tests/system/eventually.ts'
import { type Fleet, run } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'
import { makeClip, publishClip, published } from './looped-clip.ts'
import { firstVariant } from './low-latency-parts.ts'
import { markdownTable, showMs, showPercent } from './markdown-table.ts'
import { measureThroughput } from './measure-throughput.ts'
import { percentile } from './percentiles.ts'
import { coreShare, environmentOf, useOfGroup } from './process-use.ts'
import type { ViewersOrder, ViewersTally } from './simulate-viewers.ts'
import { startRestedFleet } from './start-rested-fleet.ts'
import { stopsInTurn } from './stops-in-turn.ts'

const NAME = 'golive'
const ORIGIN = 'http://127.0.0.1:8083'
const VIEWERS = 1000
const GENERATORS = 2
/** In which the viewers come, and in which they then settle. */
const COME_SECONDS = 8
const SETTLE_SECONDS = 4
const SECONDS = 60

/** What a node does for a thousand low-latency viewers, and how fast its nginx sends segments beside a bare one. */
export async function measureDelivery({ seconds = SECONDS, say }: Bench): Promise<void> {
  const cleanUp = stopsInTurn()
  try {
    const folder = mkdtempSync('/dev/shm/sixcast-bench-')
    cleanUp.add(async () => rmSync(folder, { recursive: true, force: true }))
    const clip = makeClip(folder, { width: 854, height: 480, frameRate: 30, bitsPerSecond: 2_000_000 })
    const fleet = await startRestedFleet({ say })
    cleanUp.add(fleet.remove)
    const publisher = publishClip(clip, `rtmp://127.0.0.1:1935/stream/${NAME}`)
    cleanUp.add(publisher.stop)
    const track = await published(publisher, topTrack)
    await sayViewers({ fleet, track, seconds, say })
    await publisher.stop()
    say('')
    await measureThroughput({ fleet, seconds, say })
  } finally {
    await cleanUp.run()
  }
}

type Track = { session: string; track: string }
type Viewed = { fleet: Fleet; track: Track; seconds: number; say: Bench['say'] }

async function sayViewers({ fleet, track, seconds, say }: Viewed) {
  const live = environmentOf(fleet.pid('node-1-media'), 'LIVE_DIRECTORY')
  const comeUntil = Date.now() + COME_SECONDS * 1000
  const from = comeUntil + SETTLE_SECONDS * 1000
  const order: ViewersOrder = {
    origin: ORIGIN,
    path: `/streams/${NAME}/${track.session}`,
    folder: join(live, NAME, track.session),
    track: track.track,
    viewers: VIEWERS / GENERATORS,
    comeUntil,
    from,
    until: from + seconds * 1000,
  }
  const viewing = Array.from({ length: GENERATORS }, () => simulate(order))
  await sleep(from - Date.now())
  const [media, nginx] = await Promise.all([
    coreShare(() => useOfGroup(fleet.pid('node-1-media')), seconds),
    coreShare(() => useOfGroup(fleet.pid('node-1-nginx')), seconds),
  ])
  for (const line of report(merge(await Promise.all(viewing)), { media, nginx, seconds })) say(line)
}

/** The best track's name, once there is something to wait for. */
async function topTrack(): Promise<Track> {
  const index = await (await expectStatus(`${ORIGIN}/streams/${NAME}/index.m3u8`, 200)).text()
  const [, session, track] = firstVariant(index)?.match(/^(\w+)\/([\w-]+)\.m3u8$/) ?? []
  if (!session || !track) throw new Error(`no video track in ${index}`)
  const media = await (await expectStatus(`${ORIGIN}/streams/${NAME}/${session}/${track}.m3u8`, 200)).text()
  if (!media.includes('#EXT-X-PART:')) throw new Error('no part yet')
  return { session, track }
}

async function simulate(order: ViewersOrder): Promise<ViewersTally> {
  const script = `${import.meta.dirname}/simulate-viewers.ts`
  const { code, text } = await run(process.execPath, [script, JSON.stringify(order)])
  if (code !== 0) throw new Error(`the viewers ended: ${text}`)
  return JSON.parse(text)
}

function merge(tallies: ViewersTally[]): ViewersTally {
  const errors: Record<string, number> = {}
  for (const tally of tallies)
    for (const [error, times] of Object.entries(tally.errors)) errors[error] = (errors[error] ?? 0) + times
  return {
    playlistMs: tallies.flatMap(({ playlistMs }) => playlistMs),
    partMs: tallies.flatMap(({ partMs }) => partMs),
    unchanged: tallies.reduce((sum, { unchanged }) => sum + unchanged, 0),
    errors,
    ownDelayMs: Math.max(...tallies.map(({ ownDelayMs }) => ownDelayMs)),
    cpuSeconds: tallies.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  }
}

type Use = { media: number; nginx: number; seconds: number }

function report(tally: ViewersTally, { media, nginx, seconds }: Use): string[] {
  const { playlistMs, partMs, unchanged, errors, ownDelayMs, cpuSeconds } = tally
  const of = (values: number[]) =>
    [0.5, 0.95, 0.99].map((share) => showMs(percentile(values, share))).join(' / ')
  const errorCount = Object.values(errors).reduce((sum, times) => sum + times, 0)
  const rows = [
    ['errors', `${errorCount} of ${playlistMs.length + partMs.length + unchanged}`, '0'],
    ['playlist delay, p50 / p95 / p99', of(playlistMs), 'p95 ≤ 150 ms'],
    ['part, p50 / p95 / p99', of(partMs), ''],
    ['playlists without a new part', String(unchanged), ''],
    ['media, of one core', showPercent(100 * media), '≤ 40 %'],
    ['nginx, of one core', showPercent(100 * nginx), ''],
  ]
  return [
    ...markdownTable([`${VIEWERS} low-latency viewers for ${seconds} s`, 'measured', 'goal'], rows),
    '',
    'Playlist delay: from the part in its file to the whole playlist that names it, at the viewer. The viewers share these cores: ' +
      `${GENERATORS} processes, ${showPercent((100 * cpuSeconds) / seconds)} of one core, themselves late by ${showMs(ownDelayMs)} at p99.`,
    ...Object.entries(errors).map(([error, times]) => `${times} × ${error}`),
  ]
}
