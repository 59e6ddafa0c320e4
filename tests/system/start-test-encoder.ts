import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { collect } from './start-test-fleet.ts'

/** README's command, word for word; the address can be another. */
export const documentedCommand = (url: string) => [
  ...['-re', '-f', 'lavfi', '-i', 'smptehdbars=rate=30:size=1920x1080'],
  ...['-f', 'lavfi', '-i', 'sine=frequency=1000:sample_rate=48000'],
  ...['-f', 'flv', '-c:v', 'h264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast'],
  ...['-tune', 'zerolatency', '-crf', '28', '-g', '60', '-c:a', 'aac', url],
]

/** A small source, for tests that are not about the picture: 2 cores carry several of them. */
export const smallCommand = (url: string) => [
  ...[
    '-re',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=rate=25:size=640x360',
    '-f',
    'lavfi',
    '-i',
    'sine=sample_rate=48000',
  ],
  ...['-f', 'flv', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast', '-tune', 'zerolatency'],
  ...['-g', '25', '-c:a', 'aac', url],
]

/** An encoder as a user runs it: an ffmpeg of his own that publishes until it is stopped. */
export function publish(url: string, command: (url: string) => string[] = smallCommand) {
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', ...command(url)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = collect(child)
  const closed = once(child, 'close')
  return {
    child,
    said: said.text,
    /** Exit code, when it ends by itself. */
    ended: async () => (await closed)[0] as number | null,
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      await closed
    },
  }
}
