import { join } from 'node:path'
import { type EncoderPlan, planEncoder } from '../encoder/encoder-plan.ts'
import type { EncodingBudget } from '../encoder/encoding-budget.ts'
import { ffmpegArguments } from '../encoder/ffmpeg-arguments.ts'
import { blamesEncoder } from '../encoder/hardware-failure.ts'
import { learnHabits } from '../encoder/learn-habits.ts'
import type { Encoder, EncoderOrder, RunSinks } from '../encoder/run-encoder.ts'
import { silentSound } from '../encoder/silent-sound.ts'
import { cannotRead } from '../encoder/unreadable-picture.ts'
import type { VideoEncoder } from '../encoder/video-encoders.ts'
import type { PlayedStream } from '../ingest/play-stream.ts'
import { readSource } from '../ingest/read-source.ts'
import { leftOut, outgrown, type Source } from '../ladder/ladder-plan.ts'
import type { LadderLimits } from '../ladder/node-limits.ts'
import type { Quality } from '../ladder/qualities.ts'
import { shedRungs } from '../ladder/shed-rungs.ts'
import type { SourceHabits } from '../ladder/source-habits.ts'
import { type Flaw, isCopyFlaw, type Run } from '../packager/package-run.ts'
import type { SessionPackager } from '../packager/package-session.ts'
import type { KnownSources } from './known-sources.ts'

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
  /** What its operator lets the node make of a stream that begins now. */
  limits?: () => LadderLimits
  packager: Pick<SessionPackager, 'startRun' | 'memory'>
  encoding: Encoding
  reports: EncoderOrder['reports']
  sources: KnownSources
  keepThumbnail: (path: string) => { read: (chunk: Buffer) => void }
  /** Told why a run cannot go on; the encoder then begins another. */
  broken: (flaw: Flaw) => void
  /** Told in words for people what is wrong. */
  noted: (sentence: string, matter?: string) => void
}

/** What an encoder is fed with beside what is known of it: a source that is pulled, instead of a publisher. */
export type PulledInput = {
  input: { args: string[]; stdin?: string }
  /** Told when the encoder ends by itself: the source is over, or in trouble. */
  ended: (end: { code: number; said: string }) => void
}

const UNREADABLE =
  'Its picture cannot be read from RTMP: send H.264, or let this node pull the source by RTSP, SRT or HTTP.'

/** Where the media of a run comes from: a stream that is played anew for each run, or a source that is pulled. */
export type Feed = { source: Source; play?: () => PlayedStream; pulled?: PulledInput }

/** The encoder of a session, there while its publisher is: each of its starts is a run of the session. */
export function sessionEncoder(dependencies: Dependencies) {
  const { name, folder, qualities, packager, encoding, reports, sources, keepThumbnail, broken, noted } =
    dependencies
  const shed = shedRungs({ noted, throttled: encoding.throttled })
  let encoder: Encoder | undefined
  let feed: Feed | undefined
  let plan: EncoderPlan | undefined
  let habits: ReturnType<typeof learnHabits> | undefined
  let leaving = Promise.resolve()

  const planFor = (fed: Feed) => planRun(fed, shed.count(), dependencies)

  function startRun(fed: Feed): RunSinks {
    const { source, pulled } = fed
    shed.copies(planFor(fed).copied !== undefined)
    const planned = planFor(fed)
    plan = planned
    const missing = packager.memory().record
      ? undefined
      : leftOut(planned.ladder, source, { ...dependencies.limits?.(), qualities })
    if (missing) noted(missing)
    const played = fed.play?.()
    const run = packager.startRun({ ...planned, heldMs: heldBy(planned, played), broken: restart })
    const learned = (known: SourceHabits) => sources.keep(name, known)
    const learning = learnHabits({ source, known: sources.of(name), learned })
    habits = learning
    const thumbnail = keepThumbnail(join(folder, 'thumbnail.jpg'))
    return {
      args: ffmpegArguments(planned),
      played: played && { ...played, feed: (stdin) => played.feed(stdin, planned, readSource(learning.see)) },
      readers: [...readersOf(planned, run), thumbnail.read],
      finish(code) {
        learning.finish()
        run.finish()
        const said = encoder?.lastLines() ?? []
        if (typeof code === 'number') judge({ planned, pulled, code, said }, dependencies)
      },
    }
  }

  function restart(flaw: Flaw) {
    if (isCopyFlaw(flaw)) {
      habits?.failed(flaw)
      noted(`${sentence(flaw)}: its best rendition is encoded again.`)
    } else broken(flaw)
    encoder?.restart(flaw)
  }

  /** What need not be encoded if a new run begins now. */
  function copyable(): string | undefined {
    return plan && !plan.copied && feed ? planFor(feed).copied?.id : undefined
  }

  return {
    present: () => encoder,
    /** What is encoded at present. */
    source: () => encoder && feed?.source,
    /** The renditions that are encoded; none while that is not decided. */
    rungs: () => (encoder && plan?.rungs) ?? [],
    /** The rendition that is shown as the source sends it. */
    copied: () => encoder && plan?.copied?.id,
    begin(fed: Feed) {
      feed = fed
      shed.began()
      tellOfGrowth(fed, dependencies)
      const { stdin } = fed.pulled?.input ?? {}
      encoder = encoding.encode({ reports, stdin, startRun: () => startRun(fed), noted })
    },
    tick() {
      const reading = encoder?.reading()
      if (!reading || !plan) return
      if (shed.read(reading, plan.sheddable, copyable)) encoder?.restart('its rungs change')
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

/** What is planned at one start may have changed at the next: rungs are shed, encoders fail, and a source becomes known. */
function planRun(
  { source, pulled }: Feed,
  shed: number,
  { name, segmentSeconds, partMs, qualities, limits, packager, encoding, sources }: Dependencies,
): EncoderPlan {
  const { ladder } = packager.memory().record ?? {}
  return planEncoder({
    ...{ source, input: pulled?.input.args },
    ...{ ladder, shed, habits: sources.of(name), ...encoding.budget(name) },
    ...{ segmentSeconds, partMs, qualities, limits: limits?.() },
  })
}

function tellOfGrowth({ source }: Feed, dependencies: Dependencies) {
  const { name, packager, qualities, limits, encoding, noted } = dependencies
  const { ladder } = packager.memory().record ?? {}
  const { pixelsPerSecond } = encoding.budget(name)
  const sentence = ladder && outgrown(name, ladder, source, { ...limits?.(), qualities, pixelsPerSecond })
  if (sentence) noted(sentence, 'ladder')
}

/** One per pipe of the encoder, without that of the thumbnails. */
function readersOf({ tracks, rungs, copied, audio }: EncoderPlan, run: Run) {
  const into = (id: string) => {
    const at = tracks.findIndex((track) => track.id === id)
    return (chunk: Buffer) => run.read(at, chunk)
  }
  const encoded = rungs.map(({ id }) => into(id))
  const own = copied ? [into(copied.id)] : []
  const sound = into('audio')
  return audio ? [...encoded, sound, ...own] : besideSilence([...encoded, ...own], sound)
}

/** How long ago its first picture came: by the time a part of it is encoded, at least so long. What is copied comes frame by frame. */
function heldBy({ copied, partSeconds }: EncoderPlan, played: PlayedStream | undefined): () => number {
  const leastMs = copied ? 0 : 1000 * partSeconds
  return () => Math.max(leastMs, played?.heldMs() ?? 0)
}

type End = { planned: EncoderPlan; pulled: PulledInput | undefined; code: number; said: string[] }

/** What an end that nobody ordered says of the encoder, and of the source. */
function judge({ planned, pulled, code, said }: End, dependencies: Dependencies) {
  if (code !== 0 && blamesEncoder(planned.encoder, said)) distrust(planned.encoder, dependencies)
  if (!pulled && cannotRead(said, planned.audio)) dependencies.noted(UNREADABLE)
  pulled?.ended({ code, said: said.join('\n') })
}

function distrust(failed: VideoEncoder, { name, encoding, noted }: Dependencies) {
  if (failed === 'libx264') return
  encoding.distrust(failed)
  const { encoder } = encoding.budget(name)
  noted(
    `The hardware encoder ${failed} has failed; this node encodes with ${encoder} until it is measured anew.`,
  )
}

/** The readers of a source without sound: the first pictures tell how far the silence goes. */
function besideSilence(pictures: ((chunk: Buffer) => void)[], sound: (chunk: Buffer) => void) {
  const silence = silentSound(sound)
  return pictures.map((read, at) => (chunk: Buffer) => {
    read(chunk)
    if (at === 0) silence(chunk)
  })
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
