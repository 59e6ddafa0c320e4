import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { EncoderPlan } from './encoder-plan.ts'
import { FIRST_PIPE, ffmpegArguments } from './ffmpeg-arguments.ts'

/** The media time at which the sample's source begins, as one that has been on air for a while: no whole segment. */
export const SAMPLE_START = 7.48

/**
 * For tests: what the real encoder writes into each of its pipes for some seconds of a test picture with sound, or of the
 * `film` at a path.
 */
export async function encodeSample(
  plan: EncoderPlan,
  seconds: number,
  start = SAMPLE_START,
  film?: string,
): Promise<Buffer[]> {
  const args = ffmpegArguments(plan)
  const outputs = args.slice(args.indexOf('-filter_complex'))
  const source = `testsrc2=size=320x180:rate=25:duration=${seconds}[out0];sine=sample_rate=48000:duration=${seconds}[out1]`
  const pipes = plan.rungs.length + Number(plan.audio) + Number(plan.copied !== undefined) + 1
  const child = spawn(
    'ffmpeg',
    [
      '-v',
      'error',
      '-nostdin',
      '-copyts',
      '-itsoffset',
      String(start),
      ...(film ? ['-i', film] : ['-f', 'lavfi', '-i', source]),
      ...outputs,
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit', ...Array<'pipe'>(pipes).fill('pipe')],
    },
  )
  const written = child.stdio.slice(FIRST_PIPE).map((pipe) => {
    const chunks: Buffer[] = []
    pipe?.on('data', (chunk: Buffer) => chunks.push(chunk))
    return chunks
  })
  await once(child, 'close')
  return written.map((chunks) => Buffer.concat(chunks))
}
