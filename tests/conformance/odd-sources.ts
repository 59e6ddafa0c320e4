/** How an encoder is told to publish to a URL. */
export type Publish = (url: string) => string[]

type Picture = { size?: string; rate?: string; filter?: string; coder?: string[]; keyFrameSeconds?: number }
type Sound = { rate?: number; coder?: string[] }

/** A small source like most, but for what is said otherwise; what is `undefined` is not sent. */
export function source(
  picture: Picture | undefined,
  sound: Sound | undefined,
  output: string[] = [],
): Publish {
  return (url) => [
    ...['-v', 'error', '-nostdin', '-re'],
    ...(picture ? pictureInput(picture) : []),
    ...(sound ? ['-f', 'lavfi', '-i', `sine=sample_rate=${sound.rate ?? 48_000}`] : []),
    ...(picture ? pictureOutput(picture) : []),
    ...(sound ? (sound.coder ?? ['-c:a', 'aac']) : []),
    ...[...output, '-f', 'flv', url],
  ]
}

function pictureInput({ size = '320x180', rate = '25' }: Picture) {
  return ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`]
}

function pictureOutput({ filter, rate = '25', keyFrameSeconds = 1, coder = AT_ONCE }: Picture) {
  const [frames = 25, seconds = 1] = rate.split('/').map(Number)
  return [
    ...(filter ? ['-vf', filter, '-fps_mode', 'vfr'] : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...coder],
    ...['-g', String(Math.round((frames / seconds) * keyFrameSeconds))],
  ]
}

const AT_ONCE = ['-tune', 'zerolatency']
const REORDERED = ['-bf', '3', '-b_strategy', '0']
const CD = { rate: 44_100 }

/** Sources beside the usual one, with the frames that a viewer gets of two seconds. All of them are shown. */
export const ODD_SOURCES: [name: string, publish: Publish, frames: number][] = [
  ['no sound', source({}, undefined), 50],
  ['one channel of 44.1 kHz', source({}, { ...CD, coder: ['-c:a', 'aac', '-ac', '1'] }), 50],
  ['MP3', source({}, { ...CD, coder: ['-c:a', 'libmp3lame'] }), 50],
  ['59.94 frames a second', source({ rate: '60000/1001' }, {}), 120],
  ['15 frames a second', source({ rate: '15' }, {}), 30],
  ['a variable frame rate', source({ rate: '30', filter: "select='lt(mod(t,2),1)+not(mod(n,4))'" }, {}), 60],
  ['a portrait', source({ size: '180x320' }, {}), 50],
  ['odd dimensions', source({ size: '427x239' }, {}), 50],
  ['reordered frames', source({ coder: REORDERED }, {}), 50],
  ['Sorenson video', source({ coder: ['-c:v', 'flv'] }, {}), 50],
]

/** Those that are tried more rarely: they are like others, or slow. */
export const MORE_ODD_SOURCES: typeof ODD_SOURCES = [
  ['50 frames a second', source({ rate: '50' }, {}), 100],
  ['29.97 frames a second', source({ rate: '30000/1001' }, {}), 60],
  ['odd dimensions of several rungs', source({ size: '851x479' }, {}), 50],
  ['a key frame each ten seconds', source({ keyFrameSeconds: 10 }, {}), 50],
  ['a clock near 2^31 ms', source({}, {}, ['-output_ts_offset', '2147470']), 50],
]

/** Films as they lie about: how ffmpeg makes them of a picture and a sound. */
export const ODD_FILES: [file: string, coders: string[]][] = [
  ['hevc-opus.mkv', ['-c:v', 'libx265', '-preset', 'ultrafast', '-c:a', 'libopus']],
  [
    'hevc-of-10-bits-mp3.mp4',
    ['-c:v', 'libx265', '-pix_fmt', 'yuv420p10le', '-preset', 'ultrafast', '-c:a', 'libmp3lame'],
  ],
  ['h264-mp3.ts', ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'libmp3lame']],
  ['av1-opus.webm', ['-c:v', 'libsvtav1', '-preset', '12', '-c:a', 'libopus']],
  ['mpeg2-mp2.ts', ['-c:v', 'mpeg2video', '-b:v', '1M', '-c:a', 'mp2']],
  [
    'six-channels.mkv',
    ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv422p10le', '-c:a', 'aac', '-ac', '6'],
  ],
  [
    'a-telephone.mkv',
    [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'pcm_alaw',
      '-ar',
      '8000',
      '-ac',
      '1',
    ],
  ],
]

/** Makes such a film: 14 seconds, at 25 frames a second. */
export function filmArguments(path: string, coders: string[], seconds = 14): string[] {
  return [
    ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'],
    ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', ...coders, '-g', '25', '-t', String(seconds), path],
  ]
}

/** What `publishFlv` sends. */
export const PLAIN = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-tune',
  'zerolatency',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
]
