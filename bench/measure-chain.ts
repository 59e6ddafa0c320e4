import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { sleep } from '../shared/runtime/repeat.ts'
import { type Clip, makeClip, publishClip, published } from './looped-clip.ts'
import { markdownTable, showPercent, showRatio } from './markdown-table.ts'
import type { CostScene } from './measure-cost.ts'
import { encoderSpeed, encodersOf, RTMP, renditionsOf, segmentsPlayable, streamOver } from './node-stream.ts'
import { coreShare, type ProcessUse, useOfGroup, useOfTree } from './process-use.ts'

const NAME = 'golive'
/** Larger ones would want more than two cores, twice. The smaller the picture, the more the rest weighs beside its encoding. */
const SOURCES: Clip[] = [
  { width: 1280, height: 720, frameRate: 30, bitsPerSecond: 3_500_000 },
  { width: 854, height: 480, frameRate: 30, bitsPerSecond: 2_000_000 },
]
/** An encoder that begins catches up with what its source has kept for it. */
const SETTLE_SECONDS = 6
const REAL_TIME = 0.9
/** How an encoder's command names what media plays to it. */
const PLAYED = '-'

/**
 * What a stream takes beside its encoding. The bare command is the node's own encoder once more: the same arguments, at the
 * same time, its pipes open to nothing, but it reads the source from a plain nginx-rtmp itself. So whatever slows one slows the other.
 */
export async function measureChain(scene: CostScene): Promise<void> {
  const { fleet, seconds, say } = scene
  const idle = await coreShare(() => useOfGroup(fleet.pid('node-1-media')), seconds)
  say(`Media without a stream: ${showPercent(100 * idle)} of one core.`)
  for (const source of SOURCES) {
    say('')
    for (const line of report(await watchChain(source, scene), { idle, height: source.height })) say(line)
  }
}

async function watchChain(source: Clip, { fleet, rivals, folder, seconds }: CostScene): Promise<Use> {
  const media = fleet.pid('node-1-media')
  const plain = `${rivals.rtmp}/${NAME}`
  const publisher = publishClip(makeClip(folder, source), `${RTMP}/${NAME}`, plain)
  try {
    await published(publisher, () => segmentsPlayable(NAME))
    const [encoder] = encodersOf(media)
    if (!encoder) throw new Error('media runs no encoder')
    const bare = startBare(encoder.command.map((word) => (word === PLAYED ? plain : word)))
    try {
      await sleep(SETTLE_SECONDS * 1000)
      const share = (use: () => ProcessUse) => coreShare(use, seconds)
      const encodedBefore = bare.encodedSeconds()
      const [inMedia, ffmpeg, nginx, rtmp, inBare] = await Promise.all([
        share(() => useOfGroup(media)),
        share(() => useOfTree(encoder.pid)),
        share(() => useOfGroup(fleet.pid('node-1-nginx'))),
        share(() => useOfGroup(fleet.pid('node-1-rtmp'))),
        share(() => useOfTree(bare.pid)),
      ])
      if (bare.ended()) throw new Error(`the bare command ended: ${bare.said()}`)
      return {
        ...{ media: inMedia, ffmpeg, nginx, rtmp, bare: inBare, renditions: renditionsOf(encoder.command) },
        speed: (await encoderSpeed(NAME)) ?? Number.NaN,
        bareSpeed: (bare.encodedSeconds() - encodedBefore) / seconds,
      }
    } finally {
      await bare.stop()
    }
  } finally {
    await publisher.stop()
    await streamOver(NAME)
  }
}

/** Shares of a core. */
type Use = {
  media: number
  ffmpeg: number
  nginx: number
  rtmp: number
  bare: number
  renditions: number
  /** Media time per time: on a machine that is too busy the two encoders do not get as far as each other. */
  speed: number
  bareSpeed: number
}

function report(use: Use, { idle, height }: { idle: number; height: number }): string[] {
  const { media, ffmpeg, nginx, rtmp, bare, renditions, speed, bareSpeed } = use
  const whole = media + ffmpeg + nginx + rtmp
  // Of encoders that fall far behind it would say nothing.
  const ratio = Math.min(speed, bareSpeed) < REAL_TIME ? Number.NaN : whole / speed / (bare / bareSpeed)
  const percent = (share: number) => showPercent(100 * share)
  return markdownTable(
    [`one stream of ${height}p, ${renditions} renditions and audio`, 'of one core', 'goal'],
    [
      ['media', percent(media), ''],
      ['media per rendition, without what it takes idle', percent((media - idle) / renditions), '≤ 1 %'],
      ['nginx, without viewers', percent(nginx), ''],
      ['nginx-rtmp', percent(rtmp), ''],
      ['ffmpeg', percent(ffmpeg), ''],
      ['whole chain', percent(whole), ''],
      ['the same ffmpeg command, bare', percent(bare), ''],
      ['speed of the two', `${speed.toFixed(2)}, ${bareSpeed.toFixed(2)}`, ''],
      ['whole chain ÷ bare command, for as much media', showRatio(ratio), '≤ 1.05'],
    ],
  )
}

/** As nice as media runs it, with every pipe that the command names open to nothing, but for its progress. */
function startBare(command: string[]) {
  const nothing = openSync('/dev/null', 'w')
  const pipes = command.filter((word) => /^pipe:\d+$/.test(word)).length
  const progress = Number(command[command.indexOf('-progress') + 1]?.replace('pipe:', ''))
  const outputs = Array.from({ length: pipes }, (_, at) => (at + 3 === progress ? 'pipe' : nothing))
  const child = spawn('nice', ['-n', '5', ...command], { stdio: ['ignore', nothing, 'pipe', ...outputs] })
  const closed = once(child, 'close').finally(() => closeSync(nothing))
  let said = ''
  let encodedMicroseconds = 0
  child.stderr?.on('data', (data) => {
    said += data
  })
  child.stdio[progress]?.on('data', (data) => {
    encodedMicroseconds = Number(String(data).match(/out_time_us=(\d+)/)?.[1] ?? encodedMicroseconds)
  })
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended: () => child.exitCode !== null,
    encodedSeconds: () => encodedMicroseconds / 1e6,
    async stop() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
