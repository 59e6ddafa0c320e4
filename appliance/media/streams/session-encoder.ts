import { join } from 'node:path'
import { type EncoderPlan, planEncoder } from '../encoder/encoder-plan.ts'
import { ffmpegArguments } from '../encoder/ffmpeg-arguments.ts'
import type { Encoder, RunSinks } from '../encoder/run-encoder.ts'
import { silentSound } from '../encoder/silent-sound.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import type { Quality } from '../ladder/qualities.ts'
import type { Flaw } from '../packager/package-run.ts'
import type { SessionPackager } from '../packager/package-session.ts'

type Dependencies = {
  /** The stream's folder. */
  folder: string
  segmentSeconds: number
  partMs: number
  qualities?: Quality[] | undefined
  packager: SessionPackager
  encode: (args: string[], startRun: () => RunSinks, stdin?: string) => Encoder
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told why a run cannot go on; the encoder then begins another. */
  broken: (flaw: Flaw) => void
}

/** What an encoder is fed with beside what is known of it: a source that is pulled, instead of a publisher. */
export type PulledInput = {
  input: { args: string[]; stdin?: string }
  /** Told when the encoder ends by itself: the source is over, or in trouble. */
  ended: (end: { code: number; said: string }) => void
}

/** The encoder of a session, there while its publisher is: each of its starts is a run of the session. */
export function sessionEncoder({
  folder,
  segmentSeconds,
  partMs,
  qualities,
  packager,
  encode,
  keepThumbnail,
  broken,
}: Dependencies) {
  let encoder: Encoder | undefined
  let fed: Source | undefined
  let leaving = Promise.resolve()

  function startRun({ rungs, audio, ...plan }: EncoderPlan, ended?: PulledInput['ended']): RunSinks {
    const run = packager.startRun({ ...plan, broken: restart })
    const thumbnail = keepThumbnail(join(folder, 'thumbnail.jpg'))
    const pictures = rungs.map((_, at) => (chunk: Buffer) => run.read(at, chunk))
    const sound = (chunk: Buffer) => run.read(rungs.length, chunk)
    const readers = audio ? [...pictures, sound] : besideSilence(pictures, sound)
    return {
      readers: [...readers, thumbnail.read],
      finish(code) {
        run.finish()
        if (typeof code === 'number') ended?.({ code, said: encoder?.lastLines().join('\n') ?? '' })
      },
    }
  }

  function restart(flaw: Flaw) {
    broken(flaw)
    encoder?.restart()
  }

  return {
    present: () => encoder,
    /** What is encoded at present. */
    source: () => encoder && fed,
    begin(url: string, source: Source, pulled?: PulledInput) {
      fed = source
      const plan = planEncoder({
        url,
        input: pulled?.input.args,
        source,
        ladder: packager.memory().record?.ladder,
        segmentSeconds,
        partMs,
        qualities,
      })
      const { args, stdin } = { args: ffmpegArguments(plan), stdin: pulled?.input.stdin }
      encoder = encode(args, () => startRun(plan, pulled?.ended), stdin)
    },
    release() {
      if (encoder) leaving = encoder.stop()
      encoder = undefined
    },
    /** Resolves once all that a released encoder wrote is kept: only then may the next run begin. */
    settled: () => leaving,
  }
}

/** The readers of a source without sound: the first rung's pictures tell how far the silence goes. */
function besideSilence(pictures: ((chunk: Buffer) => void)[], sound: (chunk: Buffer) => void) {
  const silence = silentSound(sound)
  return pictures.map((read, at) => (chunk: Buffer) => {
    read(chunk)
    if (at === 0) silence(chunk)
  })
}
