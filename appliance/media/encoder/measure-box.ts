import { pixelsPerSecondOf } from '../ladder/ladder-plan.ts'
import { planEncoder } from './encoder-plan.ts'
import type { Box } from './encoding-budget.ts'
import { ffmpegArguments } from './ffmpeg-arguments.ts'
import { FEWEST_SECONDS, type Trial, tryEncoder } from './try-encoder.ts'
import { VideoEncoder } from './video-encoders.ts'

/** Restless enough to be work, and made once for all its repetitions: the encoder is measured, not the painter. */
const FRAME_RATE = 30
const PICTURES = `testsrc2=size=1280x720:rate=${FRAME_RATE},noise=alls=12:allf=t,loop=loop=9:size=${FRAME_RATE}:start=0`
const SOURCE = { width: 1280, height: 720, frameRate: FRAME_RATE, audio: false }
/** Of a machine that has nothing else to do. */
const LONGEST_MS = 4000

/**
 * Encodes a few seconds with every encoder, as streams are encoded but as fast as it goes, beside whatever else the machine
 * does. One that works makes every frame, and its key frames where it is told to.
 */
export async function measureBox(machine: Box['machine'], ffmpeg = ['ffmpeg']): Promise<Box> {
  const speeds: Box['speeds'] = []
  const unusable: Box['unusable'] = []
  for (const encoder of VideoEncoder.options) {
    const trial = await tryEncoder([...ffmpeg, ...argumentsFor(encoder)], FRAME_RATE, LONGEST_MS)
    const flaw = flawOf(trial)
    if (flaw === undefined) speeds.push({ encoder, pixelsPerSecond: speedOf(encoder, trial, machine.cores) })
    else unusable.push({ encoder, why: flaw })
  }
  return { machine, measuredAt: new Date().toISOString(), speeds, unusable }
}

const ladder = ['v720', 'v360']
const planFor = (encoder: VideoEncoder) =>
  planEncoder({
    ...{ input: ['-f', 'lavfi', '-i', PICTURES], source: SOURCE, ladder, encoder },
    ...{ segmentSeconds: 1, partMs: 1000 },
  })

function argumentsFor(encoder: VideoEncoder): string[] {
  return ffmpegArguments(planFor(encoder))
}

function flawOf({ frames, strayKeys, cpuMs, wallMs, said }: Trial): string | undefined {
  if (frames < FEWEST_SECONDS * FRAME_RATE || cpuMs <= 0 || wallMs <= 0)
    return said ?? 'it is too slow to be measured'
  return strayKeys ? 'it does not make key frames where it is told to' : undefined
}

/**
 * Software is measured by the processor's time, which other work on the machine hardly changes; hardware by the clock. The
 * first second counts for neither: that is when all is set up.
 */
function speedOf(encoder: VideoEncoder, { frames, cpuMs, wallMs }: Trial, cores: number): number {
  const pixels = (pixelsPerSecondOf(planFor(encoder).rungs) * (frames - FRAME_RATE)) / FRAME_RATE
  return encoder === 'libx264' ? (1000 * pixels * cores) / cpuMs : (1000 * pixels) / wallMs
}
