import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { collect } from '../tests/system/start-test-fleet.ts'

/** With this height the node makes three rungs of it. */
const PICTURE = { width: 854, height: 480, frameRate: 30 }

type Targets = {
  /** RTMP addresses. */
  rtmp: string[]
  /** A playlist for ffmpeg's own HLS. */
  playlist: string
}

/** A burnt-in clock with sound, encoded once and sent to all targets alike. */
export function publishClock(targets: Targets) {
  const { width, height, frameRate } = PICTURE
  const child = spawn(
    process.execPath,
    [
      `${import.meta.dirname}/camera.ts`,
      ...[width, height, frameRate].map(String),
      ...encoderArguments(targets),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const said = collect(child)
  const closed = once(child, 'close')
  return {
    said: said.text,
    async stop() {
      child.kill()
      await closed
    },
  }
}

function encoderArguments({ rtmp, playlist }: Targets): string[] {
  const { width, height, frameRate } = PICTURE
  // A queue for each target: none waits for another.
  const ways = [
    ...rtmp.map((url) => `[f=flv:flvflags=no_duration_filesize:onfail=ignore]${url}`),
    `[f=hls:hls_time=3:hls_flags=delete_segments:onfail=ignore]${playlist}`,
  ]
  return [
    ...['-hide_banner', '-loglevel', 'error'],
    ...['-f', 'rawvideo', '-pixel_format', 'yuv420p', '-video_size', `${width}x${height}`],
    ...['-framerate', String(frameRate), '-i', 'pipe:0'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
    ...[
      '-map',
      '0:v',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-g',
      String(frameRate),
    ],
    ...['-b:v', '2M', '-maxrate', '2M', '-bufsize', '1M', '-map', '1:a', '-c:a', 'aac', '-b:a', '96k'],
    ...['-flags', '+global_header', '-f', 'tee', '-use_fifo', '1', ways.join('|')],
  ]
}
