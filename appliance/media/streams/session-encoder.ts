import { join } from 'node:path'
import { type EncoderPlan, planEncoder } from '../encoder/encoder-plan.ts'
import { ffmpegArguments } from '../encoder/ffmpeg-arguments.ts'
import { blamesEncoder } from '../encoder/hardware-failure.ts'
import type { Encoder, EncoderOrder, RunSinks } from '../encoder/run-encoder.ts'
import { silentSound } from '../encoder/silent-sound.ts'
import { cannotRead } from '../encoder/unreadable-picture.ts'
import type { VideoEncoder } from '../encoder/video-encoders.ts'
import type { EncodingBudget } from '../ladder/encoding-budget.ts'
import { leftOut, type Source } from '../ladder/ladder-plan.ts'
import type { Quality } from '../ladder/qualities.ts'
import { shedRungs } from '../ladder/shed-rungs.ts'
import type { Flaw } from '../packager/package-run.ts'
import type { SessionPackager } from '../packager/package-session.ts'

/** What a session asks of its node's encoders. */
export type Encoding = {
  encode: (order: EncoderOrder) => Encoder
  /** What this node can still encode in real time beside its other streams, and by what. */
  budget: (stream: string) => EncodingBudget
  /** Told of a hardware encoder that has failed: from now on no budget names it. */
  distrust: (encoder: VideoEncoder) => void
  /** Why the machine is slower than it could be, if it says so. */
  throttled?: () => string | undefined
}

type Dependencies = {
  name: string
  /** The stream's folder. */
  folder: string
  segmentSeconds: number
  partMs: number
  qualities?: Quality[] | undefined
  packager: Pick<SessionPackager, 'startRun' | 'memory'>
  encoding: Encoding
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told why a run cannot go on; the encoder then begins another. */
  broken: (flaw: Flaw) => void
  /** Told in words for people what is wrong. */
  noted: (sentence: string) => void
}

/** What an encoder is fed with beside what is known of it: a source that is pulled, instead of a publisher. */
export type PulledInput = {
  input: { args: string[]; stdin?: string }
  /** Told when the encoder ends by itself: the source is over, or in trouble. */
  ended: (end: { code: number; said: string }) => void
}

const UNREADABLE =
  'Its picture cannot be read from RTMP: send H.264, or let this node pull the source by RTSP, SRT or HTTP.'

type Feed = { url: string; source: Source; pulled: PulledInput | undefined }

/** The encoder of a session, there while its publisher is: each of its starts is a run of the session. */
export function sessionEncoder({
  name,
  folder,
  segmentSeconds,
  partMs,
  qualities,
  packager,
  encoding,
  keepThumbnail,
  broken,
  noted,
}: Dependencies) {
  const shed = shedRungs({ noted, throttled: encoding.throttled })
  let encoder: Encoder | undefined
  let feed: Feed | undefined
  let plan: EncoderPlan | undefined
  let leaving = Promise.resolve()

  /** What is planned at one start may have changed at the next: rungs are shed, and encoders fail. */
  function startRun({ url, source, pulled }: Feed): RunSinks {
    const { ladder } = packager.memory().record ?? {}
    const planned = planEncoder({
      ...{ url, source, input: pulled?.input.args },
      ...{ ladder, shed: shed.count(), ...encoding.budget(name) },
      ...{ segmentSeconds, partMs, qualities },
    })
    plan = planned
    const { rungs, audio } = planned
    const missing = ladder ? undefined : leftOut(planned.ladder, source, qualities)
    if (missing) noted(missing)
    const run = packager.startRun({ ...planned, broken: restart })
    const thumbnail = keepThumbnail(join(folder, 'thumbnail.jpg'))
    const pictures = rungs.map((_, at) => (chunk: Buffer) => run.read(at, chunk))
    const sound = (chunk: Buffer) => run.read(rungs.length, chunk)
    const readers = audio ? [...pictures, sound] : besideSilence(pictures, sound)
    return {
      args: ffmpegArguments(planned),
      readers: [...readers, thumbnail.read],
      finish(code) {
        run.finish()
        if (typeof code !== 'number') return
        const said = encoder?.lastLines() ?? []
        judge(planned.encoder, code, said)
        if (!pulled && cannotRead(said, audio)) noted(UNREADABLE)
        pulled?.ended({ code, said: said.join('\n') })
      },
    }
  }

  function judge(used: VideoEncoder, code: number, said: string[]) {
    if (used === 'libx264' || code === 0 || !blamesEncoder(used, said)) return
    encoding.distrust(used)
    noted(`The hardware encoder ${used} has failed; this node encodes in software until it is measured anew.`)
  }

  function restart(flaw: Flaw) {
    broken(flaw)
    encoder?.restart(flaw)
  }

  return {
    present: () => encoder,
    /** What is encoded at present. */
    source: () => encoder && feed?.source,
    /** The renditions that are encoded; none while that is not decided. */
    rungs: () => (encoder && plan?.rungs) ?? [],
    begin(url: string, source: Source, pulled?: PulledInput) {
      const fed = { url, source, pulled }
      feed = fed
      shed.began()
      encoder = encoding.encode({
        stream: name,
        stdin: pulled?.input.stdin,
        startRun: () => startRun(fed),
        noted,
      })
    },
    tick() {
      const reading = encoder?.reading()
      if (!reading || !plan) return
      const filled = plan.ladder.slice(plan.ladder.length - plan.rungs.length - shed.count())
      if (shed.read(reading, filled)) encoder?.restart('its rungs change')
    },
    release() {
      if (encoder) leaving = encoder.stop()
      encoder = undefined
      plan = undefined
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
