import { sleep } from '../shared/runtime/repeat.ts'
import { startBare } from './bare-command.ts'
import { type Clip, makeClip, publishClip, published } from './looped-clip.ts'
import { markdownTable, showPercent, showRatio } from './markdown-table.ts'
import type { CostScene } from './measure-cost.ts'
import { encoderSpeed, encodersOf, RTMP, renditionsOf, segmentsPlayable, streamOver } from './node-stream.ts'
import { coreShare, type ProcessUse, useOfGroup, useOfTree } from './process-use.ts'

const NAME = 'golive'
/** Larger ones would want more than two cores, twice. The smaller the picture, the more the rest weighs beside its encoding. */
const TOGETHER: Clip[] = [
  { width: 1280, height: 720, frameRate: 30, bitsPerSecond: 3_500_000 },
  { width: 854, height: 480, frameRate: 30, bitsPerSecond: 2_000_000 },
]
const IN_TURNS: Clip = { width: 1920, height: 1080, frameRate: 30, bitsPerSecond: 6_000_000 }
const TURNS = 2
/** An encoder that begins catches up with what its source has kept for it. */
const SETTLE_SECONDS = 6
const REAL_TIME = 0.9
/** How an encoder's command names what media plays to it. */
const PLAYED = '-'

/**
 * What a stream takes beside its encoding. The bare command is the node's own encoder once more: the same arguments, its pipes
 * open to nothing, but it reads the source from a plain nginx-rtmp itself. At the same time where two fit onto the machine: so
 * whatever slows one slows the other.
 */
export async function measureChain(scene: CostScene): Promise<void> {
  const { fleet, seconds, say } = scene
  const idle = await coreShare(() => useOfGroup(fleet.pid('node-1-media')), seconds)
  say(`Media without a stream: ${showPercent(100 * idle)} of one core.`)
  const show = (use: Use, { height }: Clip) => {
    say('')
    for (const line of report(use, { idle, height })) say(line)
  }
  for (const source of TOGETHER) show(await watchTogether(source, scene), source)
  show(await watchInTurns(IN_TURNS, scene), IN_TURNS)
}

async function watchTogether(source: Clip, scene: CostScene): Promise<Use> {
  const { folder, rivals } = scene
  const plain = `${rivals.rtmp}/${NAME}`
  return await whilePublished(
    makeClip(folder, source),
    [`${RTMP}/${NAME}`, plain],
    scene,
    async (command) => {
      const [chain, bare] = await Promise.all([watchNode(scene), watchBare(command, scene)])
      return { ...chain, ...bare, renditions: renditionsOf(command) }
    },
  )
}

async function watchInTurns(source: Clip, scene: CostScene): Promise<Use> {
  const clip = makeClip(scene.folder, source)
  const uses: Use[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const [command, chain] = await whilePublished(clip, [`${RTMP}/${NAME}`], scene, async (used) => [
      used,
      await watchNode(scene),
    ])
    const publisher = publishClip(clip, `${scene.rivals.rtmp}/${NAME}`)
    const bare = await watchBare(command, scene).finally(publisher.stop)
    uses.push({ ...chain, ...bare, renditions: renditionsOf(command) })
  }
  return average(uses)
}

/** Tells of the command that the node's encoder was given. */
async function whilePublished<Result>(
  clip: string,
  urls: string[],
  { fleet }: CostScene,
  watch: (command: string[]) => Promise<Result>,
): Promise<Result> {
  const publisher = publishClip(clip, ...urls)
  try {
    await published(publisher, () => segmentsPlayable(NAME))
    const [encoder] = encodersOf(fleet.pid('node-1-media'))
    if (!encoder) throw new Error('media runs no encoder')
    return await watch(encoder.command)
  } finally {
    await publisher.stop()
    await streamOver(NAME)
  }
}

async function watchNode({ fleet, seconds }: CostScene) {
  const [encoder] = encodersOf(fleet.pid('node-1-media'))
  if (!encoder) throw new Error('media runs no encoder')
  await sleep(SETTLE_SECONDS * 1000)
  const share = (use: () => ProcessUse) => coreShare(use, seconds)
  const [media, ffmpeg, nginx, rtmp] = await Promise.all([
    share(() => useOfGroup(fleet.pid('node-1-media'))),
    share(() => useOfTree(encoder.pid)),
    share(() => useOfGroup(fleet.pid('node-1-nginx'))),
    share(() => useOfGroup(fleet.pid('node-1-rtmp'))),
  ])
  return { media, ffmpeg, nginx, rtmp, speed: (await encoderSpeed(NAME)) ?? Number.NaN }
}

async function watchBare(command: string[], { rivals, seconds }: CostScene) {
  const running = startBare(command.map((word) => (word === PLAYED ? `${rivals.rtmp}/${NAME}` : word)))
  try {
    await sleep(SETTLE_SECONDS * 1000)
    const encodedBefore = running.encodedSeconds()
    const bare = await coreShare(() => useOfTree(running.pid), seconds)
    if (running.ended()) throw new Error(`the bare command ended: ${running.said()}`)
    return { bare, bareSpeed: (running.encodedSeconds() - encodedBefore) / seconds }
  } finally {
    await running.stop()
  }
}

function average(uses: Use[]): Use {
  const of = (key: keyof Use) => uses.reduce((sum, use) => sum + use[key], 0) / uses.length
  return {
    ...{ media: of('media'), ffmpeg: of('ffmpeg'), nginx: of('nginx'), rtmp: of('rtmp'), bare: of('bare') },
    ...{ renditions: of('renditions'), speed: of('speed'), bareSpeed: of('bareSpeed') },
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
