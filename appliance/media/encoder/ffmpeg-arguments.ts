import type { Rung } from '../ladder/ladder-plan.ts'
import type { EncoderPlan } from './encoder-plan.ts'

/** Beyond stdin, stdout and stderr: one pipe per rung, then audio's, then the thumbnails'. */
export const FIRST_PIPE = 3

const THUMBNAIL_SECONDS = 2
const THUMBNAIL_HEIGHT = 540
const AUDIO_BITS_PER_SECOND = 128_000
/** `frag_discont` is vital: without it each track's time begins at zero. Each frame leaves at once: the packager joins them. */
const MP4_FLAGS = '+empty_moov+default_base_moof+cmaf+frag_discont+skip_trailer+frag_every_frame'
const MP4_ARGUMENTS = ['-f', 'mp4', '-movflags', MP4_FLAGS, '-flush_packets', '1']

/** What ffmpeg is told. Every rung shows the same frames, so all have their key frames at the same times. */
export function ffmpegArguments({ url, input = rtmpInput(url), rungs, audio, segmentSeconds, leadSeconds }: EncoderPlan): string[] {
  const audioPipe = FIRST_PIPE + rungs.length
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'],
    ...inputArguments(input, audio),
    ...['-filter_complex', filterGraph(rungs, segmentSeconds)],
    ...rungs.flatMap((rung, at) => [
      ...rungArguments(rung, segmentSeconds, leadSeconds),
      ...colourArguments(coloursOf(rungs)),
      ...MP4_ARGUMENTS,
      `pipe:${FIRST_PIPE + at}`,
    ]),
    ...(audio ? audioArguments(audioPipe) : []),
    ...thumbnailArguments(audio ? audioPipe + 1 : audioPipe),
  ]
}

/**
 * No `nobuffer`: it throws away the key frame that the analysis has read. `fpsprobesize 0`: the frame rate is known and
 * need not be guessed. `copyts`: the media clock is the source's. The analysis counts media time from the first packet and
 * ends when all tracks are known: beside audio a long one, because the source's next key frame may be far; without, a short
 * one, because a source that names no tracks is searched for audio until the end.
 */
function inputArguments(input: string[], audio: boolean) {
  return [
    ...['-probesize', '5000000', '-analyzeduration', audio ? '15000000' : '500000', '-fpsprobesize', '0'],
    '-copyts',
    ...input,
  ]
}

const rtmpInput = (url: string) => ['-rtmp_live', 'live', '-i', url]

function filterGraph(rungs: Rung[], segmentSeconds: number) {
  const frameRate = rungs[0]?.frameRate ?? 30
  const copies = rungs.map(({ id }) => `[in-${id}]`).join('')
  // Whole segments apart, counted from the first frame: these are the frames the rungs make key frames of.
  const every = frameRate * segmentSeconds * Math.max(1, Math.round(THUMBNAIL_SECONDS / segmentSeconds))
  return [
    `[0:v:0]fps=${frameRate},split=${rungs.length + 1}${copies}[in-thumbnail]`,
    ...rungs.map(({ id, width, height }) => `[in-${id}]scale=${width}:${height}[${id}]`),
    `[in-thumbnail]select='not(mod(n,${every}))',scale=-2:'min(${THUMBNAIL_HEIGHT},ih)':in_color_matrix=${coloursOf(rungs)}:out_color_matrix=smpte170m:out_range=full,format=yuv420p[thumbnail]`,
  ].join(';')
}

function rungArguments({ id, frameRate, bitsPerSecond }: Rung, segmentSeconds: number, leadSeconds: number) {
  return [
    ...['-map', `[${id}]`, '-fps_mode', 'passthrough'],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-b:v', String(bitsPerSecond), '-maxrate', String(bitsPerSecond), '-bufsize', String(bitsPerSecond)],
    ...['-force_key_frames', keyFrameTimes({ frameRate, segmentSeconds, leadSeconds }), '-forced-idr', '1'],
    ...['-g', String(frameRate * segmentSeconds), '-x264-params', 'scenecut=0'],
    ...['-video_track_timescale', '90000'],
  ]
}

/**
 * The first frame of each segment. ffmpeg's t counts from the first encoded frame, which lies leadSeconds inside its segment;
 * it misses whole frames by a hair, so a frame may be half its length early.
 */
function keyFrameTimes({ frameRate, segmentSeconds, leadSeconds }: KeyFrames): string {
  return `expr:gte(t,n_forced*${segmentSeconds}-${(leadSeconds + 0.5 / frameRate).toFixed(6)})`
}

type KeyFrames = { frameRate: number; segmentSeconds: number; leadSeconds: number }

/**
 * What numbers mean which colours. Most encoders do not say; then everybody takes HD's for a large picture and SD's for a
 * small one, so that the renditions of one source would differ unless all of them say what the source's size means.
 */
function coloursOf([best]: Rung[]): 'bt709' | 'smpte170m' {
  return best && best.height >= 720 ? 'bt709' : 'smpte170m'
}

function colourArguments(colours: string) {
  return ['-colorspace', colours, '-color_primaries', colours, '-color_trc', colours]
}

function audioArguments(pipe: number) {
  return [
    ...['-map', '0:a:0', '-af', 'aresample=async=1', '-c:a', 'aac', '-ar', '48000', '-ac', '2'],
    ...['-b:a', String(AUDIO_BITS_PER_SECOND)],
    ...MP4_ARGUMENTS,
    `pipe:${pipe}`,
  ]
}

/** One thread: the encoder would keep back as many pictures as it has threads. */
function thumbnailArguments(pipe: number) {
  return [
    ...['-map', '[thumbnail]', '-fps_mode', 'passthrough', '-c:v', 'mjpeg', '-threads', '1', '-q:v', '5'],
    // Full range: what JPEG means by 4:2:0, without ffmpeg's deprecated name for it.
    ...[
      '-color_range',
      'pc',
      '-strict',
      'unofficial',
      '-f',
      'image2pipe',
      '-flush_packets',
      '1',
      `pipe:${pipe}`,
    ],
  ]
}
