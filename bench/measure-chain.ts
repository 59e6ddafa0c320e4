import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { sleep } from '../shared/runtime/repeat.ts'
import { makeClip, publishClip, published } from './looped-clip.ts'
import { markdownTable, showPercent, showRatio } from './markdown-table.ts'
import type { CostScene } from './measure-cost.ts'
import { encodersOf, RTMP, renditionsOf, segmentsPlayable, streamGone } from './node-stream.ts'
import { coreShare, type ProcessUse, useOfGroup, useOfTree } from './process-use.ts'

const NAME = 'golive'
const CLIP = { width: 854, height: 480, frameRate: 30, bitsPerSecond: 2_000_000 }
/** An encoder that begins catches up with what its source has kept for it. */
const SETTLE_SECONDS = 6

/**
 * What a stream takes beside its encoding. The bare command is the node's own encoder once more: the same arguments, the same
 * source from a plain nginx-rtmp, at the same time, its pipes open to nothing. So whatever slows one slows the other.
 */
export async function measureChain({ fleet, rivals, folder, seconds, say }: CostScene): Promise<void> {
  const media = fleet.pid('node-1-media')
  const idle = await coreShare(() => useOfGroup(media), seconds)
  const plain = `${rivals.rtmp}/${NAME}`
  const publisher = publishClip(makeClip(folder, CLIP), `${RTMP}/${NAME}`, plain)
  try {
    await published(publisher, () => segmentsPlayable(NAME))
    const [encoder] = encodersOf(media)
    if (!encoder) throw new Error('media runs no encoder')
    const bare = startBare(encoder.command.map((word) => (word === `${RTMP}/${NAME}` ? plain : word)))
    try {
      await sleep(SETTLE_SECONDS * 1000)
      const share = (use: () => ProcessUse) => coreShare(use, seconds)
      const [inMedia, ffmpeg, nginx, rtmp, inBare] = await Promise.all([
        share(() => useOfGroup(media)),
        share(() => useOfTree(encoder.pid)),
        share(() => useOfGroup(fleet.pid('node-1-nginx'))),
        share(() => useOfGroup(fleet.pid('node-1-rtmp'))),
        share(() => useOfTree(bare.pid)),
      ])
      if (bare.ended()) throw new Error(`the bare command ended: ${bare.said()}`)
      const use = { media: inMedia, ffmpeg, nginx, rtmp, bare: inBare }
      for (const line of report(use, idle, renditionsOf(encoder.command))) say(line)
    } finally {
      await bare.stop()
    }
  } finally {
    await publisher.stop()
    await streamGone(NAME)
  }
}

type Use = { media: number; ffmpeg: number; nginx: number; rtmp: number; bare: number }

function report({ media, ffmpeg, nginx, rtmp, bare }: Use, idle: number, renditions: number): string[] {
  const whole = media + ffmpeg + nginx + rtmp
  const percent = (share: number) => showPercent(100 * share)
  return markdownTable(
    [`one stream of 480p, ${renditions} renditions and audio`, 'of one core', 'goal'],
    [
      ['media without a stream', percent(idle), ''],
      ['media', percent(media), ''],
      ['media per rendition, without what it takes idle', percent((media - idle) / renditions), '≤ 1 %'],
      ['nginx, without viewers', percent(nginx), ''],
      ['nginx-rtmp', percent(rtmp), ''],
      ['ffmpeg', percent(ffmpeg), ''],
      ['whole chain', percent(whole), ''],
      ['the same ffmpeg command, bare', percent(bare), ''],
      ['whole chain ÷ bare command', showRatio(whole / bare), '≤ 1.05'],
    ],
  )
}

/** As nice as media runs it, with every pipe that the command names open to nothing. */
function startBare(command: string[]) {
  const nothing = openSync('/dev/null', 'w')
  const pipes = command.filter((word) => /^pipe:\d+$/.test(word)).length
  const child = spawn('nice', ['-n', '5', ...command], {
    stdio: ['ignore', nothing, 'pipe', ...Array<number>(pipes).fill(nothing)],
  })
  const closed = once(child, 'close')
  let said = ''
  child.stderr?.on('data', (data) => {
    said += data
  })
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended: () => child.exitCode !== null,
    async stop() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
