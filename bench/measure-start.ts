import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { publish } from '../tests/system/start-test-encoder.ts'
import { firstVariant, listedParts } from './low-latency-parts.ts'
import { markdownTable, showSeconds } from './markdown-table.ts'
import type { CostScene } from './measure-cost.ts'
import { RTMP, segmentsPlayable, streamOver } from './node-stream.ts'
import { median } from './percentiles.ts'

const NAME = 'golive'
const INDEX = `http://127.0.0.1:8083/streams/${NAME}/index.m3u8`
const RUNS = 5
const FRAME_RATE = 25

/** From a publisher's start to what players can play, through the node: its own start and the wait for a key frame included. */
export async function measureStart({ say }: Pick<CostScene, 'say'>): Promise<void> {
  const rows: string[][] = []
  for (const keySeconds of [1, 2]) {
    const starts: Start[] = []
    for (let run = 0; run < RUNS; run += 1) starts.push(await startOnce(keySeconds))
    const parts = starts.map(({ part }) => part)
    const segments = starts.map(({ segment }) => segment)
    const source = `key frame each ${keySeconds} s`
    rows.push([`${source}: first part`, ...shown(parts), ''])
    rows.push([`${source}: newest segment of every rendition`, ...shown(segments), '≤ 3 s'])
  }
  for (const line of markdownTable(['publish to playable', 'median', 'all runs', 'goal'], rows)) say(line)
}

type Start = { part: number; segment: number }

async function startOnce(keySeconds: number): Promise<Start> {
  const startedAt = Date.now()
  const since = () => (Date.now() - startedAt) / 1000
  const encoder = publish(`${RTMP}/${NAME}`, (url) => [
    ...['-re', '-f', 'lavfi', '-i', `testsrc2=rate=${FRAME_RATE}:size=640x360`],
    ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-f', 'flv', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
    ...[
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-g',
      String(FRAME_RATE * keySeconds),
      '-c:a',
      'aac',
      url,
    ],
  ])
  try {
    const [part, segment] = await Promise.all([
      eventually(partPlayable).then(since),
      eventually(() => segmentsPlayable(NAME)).then(since),
    ])
    return { part, segment }
  } finally {
    await encoder.stop()
    await streamOver(NAME)
  }
}

/** A low-latency player begins with this. */
async function partPlayable(): Promise<void> {
  const variant = firstVariant(await (await expectStatus(INDEX, 200)).text())
  const media = new URL(variant ?? '', INDEX).href
  const [part] = listedParts(await (await expectStatus(media, 200)).text())
  if (!part) throw new Error(`${media} has no part yet`)
  await (await expectStatus(new URL(part.uri, media).href, 200)).bytes()
}

const shown = (seconds: number[]) => [
  showSeconds(median(seconds)),
  seconds
    .toSorted((one, other) => one - other)
    .map((each) => each.toFixed(1))
    .join(' · '),
]
