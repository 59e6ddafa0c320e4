import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { codedSize } from './coded-size.ts'
import { isDecoderSetup } from './flv-tag.ts'
import { MESSAGE } from './rtmp-message.ts'

const [HEADER_BYTES, TAG_BYTES, LENGTH_BYTES] = [13, 11, 4]

test.each([
  [1920, 1080, 'yuv420p', []],
  [1920, 1080, 'yuv422p', []],
  [640, 360, 'yuv444p', []],
  [642, 362, 'yuv422p', []],
  [636, 358, 'yuv422p10le', []],
  [361, 641, 'yuv444p', []],
  [362, 642, 'yuv420p10le', []],
  [640, 360, 'gray', []],
  [322, 242, 'yuv420p', ['-profile:v', 'baseline']],
  [720, 1080, 'yuv420p', ['-flags', '+ilme+ildct']],
  [720, 1080, 'yuv422p', ['-flags', '+ilme+ildct']],
  [322, 242, 'yuv444p', ['-x264-params', 'cqm=jvt']],
])('the size of %d × %d in %s %j is read from its decoder setup', (width, height, colours, coder) => {
  expect(codedSize(setupOf({ width, height, colours, coder }))).toEqual({ width, height })
})

test('a setup that is cut off tells nothing, and one of nonsense ends', () => {
  const setup = setupOf({ width: 322, height: 242, colours: 'yuv422p', coder: [] })
  const lengths = [...Array(13 + setup.readUInt16BE(11)).keys()]
  expect(lengths.map((length) => codedSize(setup.subarray(0, length)))).toEqual(lengths.map(() => undefined))
  const head = setup.subarray(0, 14)
  for (const byte of [0, 0xff, 0x55]) codedSize(Buffer.concat([head, Buffer.alloc(70_000, byte)]))
})

type Film = { width: number; height: number; colours: string; coder: string[] }

/** What ffmpeg sends before its first picture. */
function setupOf({ width, height, colours, coder }: Film): Buffer {
  const film = ['-f', 'lavfi', '-i', `testsrc=size=${width}x${height}:rate=25:duration=0.04`]
  const command = ['-v', 'error', ...film, '-pix_fmt', colours, '-c:v', 'libx264', ...coder, '-f', 'flv', '-']
  const flv = execFileSync('ffmpeg', command, { maxBuffer: 2 ** 26 })
  for (let at = HEADER_BYTES; at < flv.length; ) {
    const body = flv.subarray(at + TAG_BYTES, at + TAG_BYTES + flv.readUIntBE(at + 1, 3))
    const type = flv.readUInt8(at)
    if (type === MESSAGE.picture && isDecoderSetup({ type, ms: 0, body })) return body
    at += TAG_BYTES + body.length + LENGTH_BYTES
  }
  throw new Error('ffmpeg has sent no setup')
}
