import { sleep } from '../shared/runtime/repeat.ts'
import { type Clip, makeClip, publishClip, published } from './looped-clip.ts'
import { markdownTable } from './markdown-table.ts'
import type { CostScene } from './measure-cost.ts'
import { encoderSpeed, encodersOf, RTMP, renditionsOf, segmentsPlayable, streamOver } from './node-stream.ts'
import { coreShare, useOfGroup, useOfTree } from './process-use.ts'

const NAME = 'golive'
const SOURCES: Clip[] = [
  { width: 1920, height: 1080, frameRate: 30, bitsPerSecond: 6_000_000 },
  { width: 1280, height: 720, frameRate: 30, bitsPerSecond: 3_500_000 },
  { width: 854, height: 480, frameRate: 30, bitsPerSecond: 2_000_000 },
]
const SETTLE_SECONDS = 5

/** The processor cores that a stream takes, by the size of its source. */
export async function measureLadders(scene: CostScene): Promise<void> {
  const rows: string[][] = []
  for (const source of SOURCES) rows.push(await measureLadder(source, scene))
  const head = ['source', 'renditions', 'encoder, cores', 'media, cores', 'speed']
  for (const line of markdownTable(head, rows)) scene.say(line)
}

async function measureLadder(source: Clip, { fleet, folder, seconds }: CostScene): Promise<string[]> {
  const media = fleet.pid('node-1-media')
  const publisher = publishClip(makeClip(folder, source), `${RTMP}/${NAME}`)
  try {
    await published(publisher, () => segmentsPlayable(NAME))
    await sleep(SETTLE_SECONDS * 1000)
    const [encoder] = encodersOf(media)
    if (!encoder) throw new Error('media runs no encoder')
    const [inEncoder, inMedia] = await Promise.all([
      coreShare(() => useOfTree(encoder.pid), seconds),
      coreShare(() => useOfGroup(media), seconds),
    ])
    const kept = encodersOf(media).some(({ pid }) => pid === encoder.pid)
    return [
      `${source.width} × ${source.height}, ${source.frameRate} fps`,
      String(renditionsOf(encoder.command)),
      kept ? inEncoder.toFixed(2) : 'it was started anew: too slow here',
      inMedia.toFixed(2),
      (await encoderSpeed(NAME))?.toFixed(2) ?? '–',
    ]
  } finally {
    await publisher.stop()
    await streamOver(NAME)
  }
}
