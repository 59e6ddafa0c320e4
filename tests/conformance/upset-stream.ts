import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encoderPids } from '../system/encoder-pids.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { publish } from '../system/start-test-encoder.ts'
import type { Fleet } from '../system/start-test-fleet.ts'
import { parsePlaylist } from './parse-playlist.ts'

const RTMP = 'rtmp://127.0.0.1:1935/stream/golive'
export const INDEX = 'http://127.0.0.1:8083/streams/golive/index.m3u8'
/** It is there with the second segment. */
export const MANIFEST = new URL('manifest.mpd', INDEX).href

/** What one and the same publisher may send today and something else tomorrow. */
const SOURCES = [
  { size: '854x480', rate: 30, sound: true },
  { size: '640x360', rate: 25, sound: true },
  { size: '854x480', rate: 30, sound: false },
  { size: '360x640', rate: 15, sound: true },
  { size: '851x479', rate: 24, sound: true },
]

export type Upset = 'publisher returns with something else' | 'encoder is killed' | 'media is killed'
export const UPSETS: Upset[] = [
  'publisher returns with something else',
  'encoder is killed',
  'media is killed',
]

const SEGMENTS_BETWEEN = 3

/** A stream to which anything may happen but its end. */
export function upsetStream(fleet: Fleet) {
  let turn = 0
  let publisher = begin()
  let track: string | undefined

  function begin() {
    const source = SOURCES[turn++ % SOURCES.length]
    return publish(RTMP, command(source ?? { size: '854x480', rate: 30, sound: true }))
  }

  async function happen(upset: Upset) {
    const before = await newestSegment()
    if (upset === 'media is killed') process.kill(fleet.pid('node-1-media'), 'SIGKILL')
    if (upset === 'encoder is killed')
      for (const pid of await presentEncoders(fleet.pid('node-1-media'))) process.kill(pid, 'SIGKILL')
    if (upset === 'publisher returns with something else') {
      await publisher.stop('SIGKILL')
      publisher = begin()
    }
    await eventually(async () => {
      const { number, discontinuity } = await newestSegment()
      const goesOn = discontinuity > before.discontinuity && number >= before.number + SEGMENTS_BETWEEN
      if (!goesOn) throw new Error(`after "${upset}" nothing new has come`)
    }, 60_000)
  }

  /** By nginx alone, which answers also while media is away. */
  async function newestSegment() {
    const playlist = await (await expectStatus(new URL(await trackUrl(), INDEX).href, 200)).text()
    return parsePlaylist(playlist).segments.at(-1) ?? { number: -1, discontinuity: -1 }
  }

  /** New viewers find nothing while the publisher is away: who is watching remembers the session. */
  async function trackUrl(): Promise<string> {
    track ??= /^s[a-z0-9]{12}\/v\d+\.m3u8$/m.exec(await (await expectStatus(INDEX, 200)).text())?.[0]
    if (!track) throw new Error('the multivariant playlist names no session')
    return track
  }

  return {
    /** Until it can be watched. */
    live: () => eventually(() => Promise.all([INDEX, MANIFEST].map((url) => expectStatus(url, 200))), 60_000),
    /** Makes something happen and waits until the stream has gone on. */
    happen,
    stop: () => publisher.stop(),
  }
}

/** What grows for ever would show here: files of a stream in memory, and what media holds open. */
export function holdingsOf(fleet: Fleet) {
  const media = fleet.pid('node-1-media')
  const files = (folder: string): number =>
    readdirSync(folder, { withFileTypes: true }).reduce(
      (sum, entry) => sum + (entry.isDirectory() ? files(join(folder, entry.name)) : 1),
      0,
    )
  const memory = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${media}/smaps_rollup`, 'utf8'))
  return {
    files: files(join(liveDirectory(media), 'golive')),
    handles: readdirSync(`/proc/${media}/fd`).length,
    kilobytes: Number(memory?.[1]),
  }
}

function liveDirectory(media: number): string {
  const environment = readFileSync(`/proc/${media}/environ`, 'utf8').split('\0')
  return environment.find((line) => line.startsWith('LIVE_DIRECTORY='))?.slice('LIVE_DIRECTORY='.length) ?? ''
}

async function presentEncoders(media: number): Promise<number[]> {
  const { found } = await eventually(async () => {
    const pids = await encoderPids(media)
    if (!pids.length) throw new Error('nothing is encoded')
    return pids
  })
  return found
}

function command({ size, rate, sound }: (typeof SOURCES)[number]) {
  return (url: string) => [
    ...['-re', '-f', 'lavfi', '-i', `testsrc2=rate=${rate}:size=${size}`],
    ...(sound ? ['-f', 'lavfi', '-i', 'sine=sample_rate=44100', '-c:a', 'aac'] : []),
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast', '-tune', 'zerolatency'],
    ...['-g', String(rate), '-f', 'flv', url],
  ]
}
