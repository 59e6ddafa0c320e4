import { makeClip, publishClip, published } from './looped-clip.ts'
import { markdownTable, showMegabytes, showPercent } from './markdown-table.ts'
import type { CostScene } from './measure-cost.ts'
import { RTMP, segmentsPlayable } from './node-stream.ts'
import { coreShare, useOfGroup } from './process-use.ts'
import { stopsInTurn } from './stops-in-turn.ts'

const COUNTS = [1, 5, 10]
/** Small, so that two cores carry ten of them. */
const CLIP = { width: 426, height: 240, frameRate: 15, bitsPerSecond: 300_000 }

/** What media's memory is for its streams. It comes last: it leaves streams behind that nobody publishes. */
export async function measureMemory({ fleet, folder, seconds, say }: CostScene): Promise<void> {
  const media = fleet.pid('node-1-media')
  const clip = makeClip(folder, CLIP)
  const names = Array.from({ length: Math.max(...COUNTS) }, (_, at) => `cost-${at + 1}`)
  const rows = [['0', showMegabytes(useOfGroup(media).memoryBytes), '']]
  const cleanUp = stopsInTurn()
  try {
    for (const [at, name] of names.entries()) {
      await fleet.operate('stream', 'add', name)
      const { key } = await fleet.operate('stream', 'key', name)
      const publisher = publishClip(clip, `${RTMP}/${name}?key=${key}`)
      cleanUp.add(publisher.stop)
      await published(publisher, () => segmentsPlayable(name))
      if (COUNTS.includes(at + 1)) rows.push(await watchMedia(media, at + 1, seconds))
    }
  } finally {
    await cleanUp.run()
  }
  const head = ['streams of 240p', "media's memory (PSS)", 'media, of one core']
  for (const line of markdownTable(head, rows)) say(line)
}

/** Its memory when the time is over: windows are full by then. */
async function watchMedia(media: number, streams: number, seconds: number): Promise<string[]> {
  const share = await coreShare(() => useOfGroup(media), seconds)
  return [String(streams), showMegabytes(useOfGroup(media).memoryBytes), showPercent(100 * share)]
}
