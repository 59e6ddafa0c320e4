import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { readTrack } from '../packager/track-reader.ts'
import { encodeSample } from './encode-test-sample.ts'
import { planEncoder } from './encoder-plan.ts'
import { silentSound } from './silent-sound.ts'

const source = { width: 320, height: 180, frameRate: 25, audio: false }
const plan = planEncoder({ source, ladder: undefined, segmentSeconds: 1, partMs: 333 })

test.each([0, 7.48, 4000.5])(
  'a picture that begins at %d s has silence beside it to its end',
  async (start) => {
    const [pictures = Buffer.alloc(0)] = await encodeSample(plan, 2, start)
    const written: Buffer[] = []
    silentSound((chunk) => written.push(chunk))(pictures)
    const [shown, heard] = [fragmentsOf(pictures), fragmentsOf(Buffer.concat(written))]

    expect(heard.init?.codecs).toBe('mp4a.40.2')
    expect(shown.begin - heard.begin).toBeGreaterThanOrEqual(0)
    expect(shown.begin - heard.begin).toBeLessThan(0.022)
    expect(heard.end - shown.end).toBeGreaterThan(0)
    expect(heard.end - shown.end).toBeLessThan(0.022)
    expect(heard.longestGap).toBeCloseTo(1024 / 48_000, 9)

    const volume = await decode(Buffer.concat(written))
    expect(volume).toMatch(/Audio: aac \(LC\).*48000 Hz, stereo/)
    expect(volume).toMatch(/max_volume: -91\.0 dB/)
    expect(volume).not.toMatch(/error|invalid/i)
  },
)

function fragmentsOf(track: Buffer) {
  const fragments: { start: number; duration: number }[] = []
  const reader = readTrack((fragment) => fragments.push(fragment))
  reader.read(track)
  const ends = fragments.map(({ start, duration }) => start + duration)
  const starts = fragments.map(({ start }) => start)
  return {
    init: reader.init(),
    begin: Math.min(...starts),
    end: Math.max(...ends),
    longestGap: Math.max(...starts.slice(1).map((start, at) => start - (starts[at] ?? 0))),
  }
}

/** What ffmpeg says of a track, and how loud it finds it. */
async function decode(track: Buffer): Promise<string> {
  const child = spawn('ffmpeg', ['-nostdin', '-i', 'pipe:3', '-af', 'volumedetect', '-f', 'null', '-'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const [, , said, input] = child.stdio
  if (!said || !input || !('end' in input)) throw new Error('ffmpeg has no pipes')
  input.end(track)
  const [words] = await Promise.all([text(said), once(child, 'close')])
  return words
}
