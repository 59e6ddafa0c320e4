import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import * as z from 'zod'
import { boundedCommand } from '../encoder/bounded-command.ts'
import { wholeFrameRate } from '../encoder/probe-source.ts'
import type { Source } from '../ladder/ladder-plan.ts'
import { whyNot } from './explain-failure.ts'
import type { PullInput } from './pull-input.ts'

export type Probed = { source: Source; film?: Film | undefined } | { why: string }
/** What comes to an end by itself, and when. */
export type Film = { seconds: number }

type Question = {
  input: PullInput
  /** What the source is called to people. */
  called: string
  signal: AbortSignal
}

/** A camera wakes up and sends its next key frame within this. */
const PROBED_WITHIN_MS = 20_000
/** As long as ffprobe waits for a line that says nothing. */
const SILENT_MS = 7500
const MOST_SAID = 1 << 20

/** What a source sends, by ffprobe; or, in words for people, why that cannot be said. */
export async function probePull({ input, called, signal }: Question): Promise<Probed> {
  const ending = new AbortController()
  const since = performance.now()
  const asked = input.args.filter((arg) => arg !== '-re') // ffmpeg's own: a probe does not play
  const { program, args } = boundedCommand(['ffprobe', ...QUESTION, ...asked])
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, ending.signal]),
    killSignal: 'SIGKILL',
  })
  child.on('error', () => {}) // told by its end
  child.stdin.on('error', () => {}) // it ended before it had read
  child.stdin.end(input.stdin)
  const answers = Promise.all([
    beginningOf(child.stdout),
    beginningOf(child.stderr),
    once(child, 'close').catch(() => {}),
  ])
  const answered = await Promise.race([answers, sleep(PROBED_WITHIN_MS, ending.signal)])
  ending.abort()
  if (!answered) return { why: `${called} does not answer.` }
  const [output, complaint] = answered
  // Of a camera that is silent all the time ffprobe says that its data are invalid.
  const isSilent = performance.now() - since >= SILENT_MS
  return readProbe(output, complaint, called) ?? { why: whyNot(isSilent ? '' : complaint, called) }
}

/** A source may make ffprobe speak without end: whoever says too much is not listened to any longer. */
async function beginningOf(output: Readable): Promise<string> {
  let said = ''
  for await (const chunk of output.setEncoding('utf8')) {
    said += chunk
    if (said.length > MOST_SAID) break
  }
  return said
}

const QUESTION = [
  ...['-v', 'error', '-of', 'json', '-read_intervals', '%+#1', '-show_entries'],
  'stream=codec_type,width,height,avg_frame_rate,r_frame_rate,sample_rate:stream_disposition=attached_pic:stream_side_data=rotation:packet_tags=lavf.concatdec.duration',
]

const ProbedStream = z.object({
  codec_type: z.string().optional(),
  width: z.number().int().default(0),
  height: z.number().int().default(0),
  avg_frame_rate: z.string().default(''),
  r_frame_rate: z.string().default(''),
  sample_rate: z.string().default('0'),
  disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
})
type ProbedStream = z.infer<typeof ProbedStream>
const ProbedPacket = z.object({
  tags: z
    .object({ 'lavf.concatdec.duration': z.coerce.number().positive().optional().catch(undefined) })
    .default({}),
})
const ProbeOutput = z.object({
  streams: z.array(ProbedStream).default([]),
  /** The first one, if it could be read. */
  packets: z.array(ProbedPacket).default([]),
})
type ProbeOutput = z.infer<typeof ProbeOutput>

/** What ffprobe has printed; undefined when there is nothing in it. */
export function readProbe(output: string, complaint: string, called: string): Probed | undefined {
  const { streams, packets } = told(output)
  if (!streams.length) return undefined
  if (!packets.length && /partial file/.test(complaint)) return { why: `${called} ${INDEX_LAST}.` }
  const picture = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  if (!picture?.width || !picture.height) return { why: `${called} sends no picture.` }
  const audio = streams.some((stream) => stream.codec_type === 'audio' && Number(stream.sample_rate) > 0)
  const rates = [picture.avg_frame_rate, picture.r_frame_rate].map(fraction)
  const frameRate = wholeFrameRate(rates.find((rate) => rate > 0) ?? 0)
  const microseconds = packets[0]?.tags['lavf.concatdec.duration']
  const film = microseconds === undefined ? undefined : { seconds: microseconds / 1e6 }
  return { source: { ...upright(picture), frameRate, audio }, film }
}

const INDEX_LAST =
  'is a film whose index stands at its end, and its server sends films from their beginning alone: put the index first (ffmpeg -i FILM -c copy -movflags +faststart NEW), or use a server that sends byte ranges'

function told(output: string): ProbeOutput {
  try {
    return ProbeOutput.parse(JSON.parse(output))
  } catch {
    return { streams: [], packets: [] } // it was cut off
  }
}

/** ffmpeg turns a picture that was filmed on its side. */
function upright({ width, height, side_data_list }: ProbedStream) {
  const turned = side_data_list.some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90)
  return turned ? { width: height, height: width } : { width, height }
}

function fraction(text: string): number {
  const [above = 0, below = 1] = text.split('/').map(Number)
  return below ? above / below : 0
}
