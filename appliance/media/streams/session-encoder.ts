import { join } from 'node:path'
import { type EncoderPlan, planEncoder } from '../encoder/encoder-plan.ts'
import { ffmpegArguments } from '../encoder/ffmpeg-arguments.ts'
import type { Encoder, RunSinks } from '../encoder/run-encoder.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import type { Flaw } from '../packager/package-run.ts'
import type { SessionPackager } from '../packager/package-session.ts'

type Dependencies = {
  /** The stream's folder. */
  folder: string
  segmentSeconds: number
  packager: SessionPackager
  encode: (args: string[], startRun: () => RunSinks) => Encoder
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told why a run cannot go on; the encoder then begins another. */
  broken: (flaw: Flaw) => void
}

/** The encoder of a session, there while its publisher is: each of its starts is a run of the session. */
export function sessionEncoder({
  folder,
  segmentSeconds,
  packager,
  encode,
  keepThumbnail,
  broken,
}: Dependencies) {
  let encoder: Encoder | undefined
  let fed: Source | undefined
  let leaving = Promise.resolve()

  function startRun({ tracks, ladder, frameRate }: EncoderPlan): RunSinks {
    const run = packager.startRun({ tracks, ladder, frameRate, broken: restart })
    const thumbnail = keepThumbnail(join(folder, 'thumbnail.jpg'))
    const readers = tracks.map((_, at) => (chunk: Buffer) => run.read(at, chunk))
    return { readers: [...readers, thumbnail.read], finish: run.finish }
  }

  function restart(flaw: Flaw) {
    broken(flaw)
    encoder?.restart()
  }

  return {
    present: () => encoder,
    /** What is encoded at present. */
    source: () => encoder && fed,
    begin(url: string, source: Source) {
      fed = source
      const plan = planEncoder({ url, source, ladder: packager.memory().record?.ladder, segmentSeconds })
      encoder = encode(ffmpegArguments(plan), () => startRun(plan))
    },
    release() {
      if (encoder) leaving = encoder.stop()
      encoder = undefined
    },
    /** Resolves once all that a released encoder wrote is kept: only then may the next run begin. */
    settled: () => leaving,
  }
}
