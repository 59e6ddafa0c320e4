import { expect, test, vi } from 'vitest'
import { measureBox } from './measure-box.ts'
import { tryEncoder } from './try-encoder.ts'
import { VideoEncoder } from './video-encoders.ts'

/** Generous: a machine with two busy cores is slow, not wrong. */
vi.setConfig({ testTimeout: 180_000 })
const LONG_MS = 30_000

const machine = { ffmpeg: '5', cpu: 'a processor', cores: 2 }

test('software encodes on every machine, and every encoder either works or says why not', async () => {
  // A machine that is too busy to be measured is measured again, here as anywhere.
  const { speeds, unusable } = await vi.waitFor(async () => {
    const box = await measureBox(machine)
    expect(box.speeds, JSON.stringify(box.unusable)).not.toEqual([])
    return box
  }, 150_000)
  const [software] = speeds
  expect(software?.encoder).toBe('libx264')
  expect(software?.pixelsPerSecond).toBeGreaterThan(5e6)
  expect(software?.pixelsPerSecond).toBeLessThan(5e9)
  const all = [...speeds, ...unusable].map(({ encoder }) => encoder)
  expect(all.toSorted()).toEqual(VideoEncoder.options.toSorted())
  for (const { why } of unusable) expect(why).toMatch(/\w+ \w+/)
})

test('a machine without ffmpeg has no encoder', async () => {
  const { speeds, unusable } = await measureBox(machine, ['/nowhere/ffmpeg'])
  expect(speeds).toEqual([])
  expect(unusable[0]?.why).toMatch(/nowhere.*No such file/)
})

test.each([
  ['when it is told to', ['-g', '25'], false],
  ['when it likes', ['-g', '17'], true],
  ['only once', ['-g', '1000'], true],
])('an encoder that makes key frames %s', async (_, options, stray) => {
  const trial = await tryEncoder(ffmpeg(options), 25, LONG_MS)
  expect(trial).toMatchObject({ frames: 100, strayKeys: stray })
  expect(trial.wallMs).toBeGreaterThan(0)
})

test('an encoder that other work keeps waiting is waited for', async () => {
  const late = ['sh', '-c', 'sleep 2.5 && exec "$@"', 'sh', ...ffmpeg(['-g', '25'])]
  expect(await tryEncoder(late, 25, 2000)).toMatchObject({ frames: 100 })
})

test('an encoder that never comes to an end is not waited for', async () => {
  const trial = await tryEncoder(['sleep', '60'], 25, 200)
  expect(trial).toMatchObject({ frames: 0, cpuMs: 0 })
})

function ffmpeg(options: string[]): string[] {
  return [
    ...['ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-x264-params',
      'scenecut=0',
      ...options,
    ],
    ...['-f', 'mp4', '-movflags', '+empty_moov+default_base_moof+frag_every_frame', 'pipe:3'],
  ]
}
