import { execFileSync } from 'node:child_process'
import { eventually } from '../tests/system/eventually.ts'
import { publish } from '../tests/system/start-test-encoder.ts'

export type Clip = { width: number; height: number; frameRate: number; bitsPerSecond: number }

const SECONDS = 10

/** A clip with noise in it, so that it is as hard to encode as a camera's picture. Made once: sending it then costs nothing. */
export function makeClip(folder: string, { width, height, frameRate, bitsPerSecond }: Clip): string {
  const file = `${folder}/${width}x${height}-${frameRate}.mp4`
  const bits = String(bitsPerSecond)
  execFileSync('ffmpeg', [
    ...['-y', '-hide_banner', '-loglevel', 'error', '-nostdin'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${frameRate},noise=alls=8:allf=t`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', String(SECONDS)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-g', String(frameRate), '-b:v', bits, '-maxrate', bits, '-bufsize', bits],
    ...['-c:a', 'aac', '-b:a', '96k', file],
  ])
  return file
}

/** Publishes a clip over and over, without encoding it. */
export function publishClip(file: string, ...urls: string[]) {
  const outputs = urls.flatMap((url) => [
    ...['-map', '0', '-c', 'copy', '-f', 'flv', '-flvflags', 'no_duration_filesize', url],
  ])
  return publish('', () => ['-re', '-stream_loop', '-1', '-i', file, ...outputs])
}

/** Waits for what a publisher should bring, and says what stood in its way. */
export async function published<Found>(
  publisher: ReturnType<typeof publish>,
  look: () => Promise<Found>,
): Promise<Found> {
  const { found } = await eventually(look, 60_000).catch((error) => {
    throw new Error(`nothing came of what was published: ${publisher.said()}`, { cause: error })
  })
  return found
}
