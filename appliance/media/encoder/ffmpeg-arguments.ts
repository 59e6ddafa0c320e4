import type { Rung } from '../ladder/ladder-plan.ts'
import type { EncoderPlan } from './encoder-plan.ts'
import { RECIPES } from './video-encoders.ts'

/** Beyond stdin, stdout and stderr: one pipe per rung, then audio's, the source's picture's, the thumbnails', and that of the progress. */
export const FIRST_PIPE = 3

const THUMBNAIL_SECONDS = 2
const THUMBNAIL_HEIGHT = 540
const AUDIO_BITS_PER_SECOND = 128_000
/** `frag_discont` is vital: without it each track's time begins at zero. */
const MP4_FLAGS = '+empty_moov+default_base_moof+cmaf+frag_discont+skip_trailer'
const FRAME_BY_FRAME = ['-movflags', `${MP4_FLAGS}+frag_every_frame`]
/** Sound mostly waits for the picture anyway: on average a part waits for it 6 ms more at 30 frames a second, 14 at 60. */
const SOUND_FRAMES_AT_ONCE = 3
const SOUND_FRAMES_PER_SECOND = 48_000 / 1024

/**
 * ffmpeg would fill an hour that a source's clock jumps over with an hour of copies, before it writes another frame. So
 * nothing comes after a jump, and who watches the encoder starts it again.
 */
const BEFORE_A_JUMP = 'not(gt(t-prev_selected_t,10))'

/**
 * What ffmpeg is told. Every rung shows the same frames, so all have their key frames at the same times. What is copied
 * comes after what is encoded: its bytes would be no sign that an encoder lives.
 */
export function ffmpegArguments(plan: EncoderPlan): string[] {
  const { input = PLAYED, rungs, audio, copied, encoder } = plan
  const audioPipe = FIRST_PIPE + rungs.length
  const sourcePipe = audioPipe + Number(audio)
  const thumbnailPipe = sourcePipe + Number(copied !== undefined)
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'],
    ...['-progress', `pipe:${thumbnailPipe + 1}`, '-stats_period', '1'],
    ...RECIPES[encoder].device,
    ...(rungs.length ? [] : ONLY_KEY_FRAMES),
    ...inputArguments(input, audio),
    ...['-filter_complex', filterGraph(plan)],
    ...rungs.flatMap((rung, at) => [
      ...rungArguments(rung, plan),
      ...mp4Arguments(partByPart(plan)),
      `pipe:${FIRST_PIPE + at}`,
    ]),
    ...(audio ? audioArguments(audioPipe) : []),
    ...(copied ? copyArguments(sourcePipe) : []),
    ...thumbnailArguments(thumbnailPipe),
  ]
}

/** Thumbnails are all that is decoded for. */
const ONLY_KEY_FRAMES = ['-skip_frame', 'nokey']

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

/** A stream that media plays: all of its time stamps are kept, also beyond 2^31 ms. */
const PLAYED = ['-f', 'flv', '-i', '-']

function filterGraph({ rungs, frameRate, segmentSeconds, colours, encoder }: EncoderPlan) {
  const { pictures } = RECIPES[encoder]
  const copies = rungs.map(({ id }) => `[in-${id}]`).join('')
  // Whole segments apart, counted from the first frame: these are the frames the rungs make key frames of.
  const every = frameRate * segmentSeconds * Math.max(1, Math.round(THUMBNAIL_SECONDS / segmentSeconds))
  return [
    `[0:v:0]select='${BEFORE_A_JUMP}',fps=${frameRate},split=${rungs.length + 1}${copies}[in-thumbnail]`,
    ...rungs.map(({ id, width, height }) => `[in-${id}]scale=${width}:${height},${pictures}[${id}]`),
    `[in-thumbnail]select='not(mod(n,${every}))',scale=-2:'min(${THUMBNAIL_HEIGHT},ih)':in_color_matrix=${colours}:out_color_matrix=smpte170m:out_range=full,format=yuv420p[thumbnail]`,
  ].join(';')
}

function rungArguments({ id, bitsPerSecond }: Rung, plan: EncoderPlan) {
  const bits = String(bitsPerSecond)
  return [
    ...['-map', `[${id}]`, '-fps_mode', 'passthrough', '-c:v', plan.encoder, ...RECIPES[plan.encoder].codec],
    ...['-b:v', bits, '-maxrate', bits, '-bufsize', bits],
    ...['-force_key_frames', keyFrameTimes(plan), '-g', String(plan.frameRate * plan.segmentSeconds)],
    ...['-colorspace', plan.colours, '-color_primaries', plan.colours, '-color_trc', plan.colours],
    ...['-bsf:v', PARAMETERS_WITH_KEY_FRAMES, '-video_track_timescale', '90000'],
  ]
}

/** ffmpeg and what is made with it (mpv) read only the first init segment of a stream: a new run's size must stand in its pictures. */
const PARAMETERS_WITH_KEY_FRAMES = 'dump_extra=freq=keyframe'

/**
 * The first frame of each segment. ffmpeg's t counts from the first encoded frame, which lies leadSeconds inside its segment;
 * it misses whole frames by a hair, so a frame may be half its length early.
 */
function keyFrameTimes({ frameRate, segmentSeconds, leadSeconds }: EncoderPlan): string {
  return `expr:gte(t,n_forced*${segmentSeconds}-${(leadSeconds + 0.5 / frameRate).toFixed(6)})`
}

function audioArguments(pipe: number) {
  return [
    ...[
      '-map',
      '0:a:0',
      '-af',
      `aselect='${BEFORE_A_JUMP}',aresample=async=1`,
      '-c:a',
      'aac',
      '-ar',
      '48000',
      '-ac',
      '2',
    ],
    ...['-b:a', String(AUDIO_BITS_PER_SECOND)],
    ...mp4Arguments(several(SOUND_FRAMES_AT_ONCE, SOUND_FRAMES_PER_SECOND)),
    `pipe:${pipe}`,
  ]
}

/** Each frame as the source sent it, the first of them a key frame. Its parameters are repeated before each: see above. */
function copyArguments(pipe: number) {
  return [
    ...['-map', '0:v:0', '-c:v', 'copy', '-bsf:v', 'h264_mp4toannexb', '-video_track_timescale', '90000'],
    ...[...mp4Arguments(FRAME_BY_FRAME), `pipe:${pipe}`],
  ]
}

function mp4Arguments(fragments: string[]) {
  return ['-f', 'mp4', ...fragments, '-flush_packets', '1']
}

/**
 * As many frames at once as a part has: nobody gets them earlier, and media is woken a tenth as often. They are counted from
 * each key frame, as the parts of a segment are.
 */
function partByPart({ partSeconds, frameRate, encoder }: EncoderPlan) {
  return several(Math.round(partSeconds * frameRate), frameRate, `+frag_keyframe${RECIPES[encoder].mp4Flags}`)
}

/** A frame leaves when the next one is there, so the last half of a frame is left out of what is waited for. */
function several(frames: number, perSecond: number, flags = '') {
  const microseconds = Math.round((1e6 * (frames - 0.5)) / perSecond)
  return ['-movflags', MP4_FLAGS + flags, '-frag_duration', String(microseconds)]
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
