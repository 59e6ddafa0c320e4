import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { sleep } from '../shared/runtime/repeat.ts'
import { paintMoment } from './epoch-blocks.ts'

// A camera and its encoder: node bench/camera.ts WIDTH HEIGHT FRAMES_PER_SECOND FFMPEG_ARGUMENTS…, raw pictures are ffmpeg's
// standard input. A process of its own, so that nothing else keeps it from painting each picture at its time.
const [width = 0, height = 0, frameRate = 0] = process.argv.slice(2, 5).map(Number)
const encoder = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'ffmpeg', ...process.argv.slice(5)], {
  stdio: ['pipe', 'ignore', 'inherit'],
})
encoder.once('exit', (code) => process.exit(code ?? 1))
encoder.stdin.on('error', () => {}) // its exit says it
process.on('SIGTERM', () => encoder.kill())

const luma = width * height
const still = stillLife()
const startedAt = Date.now()
for (let frame = 0; ; frame += 1) {
  await sleep(startedAt + (frame * 1000) / frameRate - Date.now())
  if (!encoder.stdin.write(paint(frame))) await once(encoder.stdin, 'drain')
}

/** Something for the encoders to do: a still texture, a bar that wanders over it, and the moment. */
function paint(frame: number): Buffer {
  const picture = Buffer.from(still)
  const left = (frame * 4) % (width - 40)
  for (let y = Math.floor(height * 0.3); y < height * 0.9; y += 1)
    picture.fill(200, y * width + left, y * width + left + 40)
  paintMoment(picture, { width, height }, Date.now())
  return picture
}

function stillLife(): Buffer {
  const picture = Buffer.alloc(luma * 1.5, 128)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) picture[y * width + x] = 40 + ((x * 3 + y * 5 + ((x * y) % 37)) % 160)
  return picture
}
