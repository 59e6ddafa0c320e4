import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import { expect, onTestFinished, test } from 'vitest'
import { startTestApi } from '../start-test-api.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { readCommand } from './command-line.ts'
import { streamLine } from './stream-line.ts'

const node = 'http://127.0.0.1:8083'

test.each([
  ['list', { verb: 'list', node }],
  ['measure', { verb: 'measure', node }],
  ['stop cam --node http://[::1]:8083/', { verb: 'stop', node: 'http://[::1]:8083', id: 'cam' }],
  ['monitor cam 30', { verb: 'monitor', node, id: 'cam', seconds: 30 }],
  ['start cam a.ts', { verb: 'start', node, id: 'cam', url: 'a.ts', qualities: undefined, without: [] }],
  [
    'start cam a.ts --qualities 720p,360p --no-dash',
    { verb: 'start', node, id: 'cam', url: 'a.ts', qualities: ['720p', '360p'], without: ['enable_dash'] },
  ],
  ['', { verb: 'help' }],
])('"%s" is understood', (line, command) => {
  expect(readCommand(line.split(' ').filter(Boolean))).toEqual(command)
})

test.each([
  ['begin cam', /no command begin.*start, monitor, list, stop and measure/],
  ['start', /needs the ID/],
  ['start a/b x', /needs the ID/],
  ['start cam', /needs the URL/],
  ['start cam a.ts --qualities 4k', /--qualities: .*1080p/],
  ['monitor cam', /number of seconds/],
  ['monitor cam soon', /number of seconds/],
  ['list --node localhost', /--node must be/],
  ['list --nodes x', /^There is no option --nodes\. npm run streams -- help/],
  ['list -x', /^There is no option -x\./],
  ['list --node', /^--node needs a value/],
  ['list --node --no-hls', /^--node needs a value/],
  ['start cam a.ts --no-hls=1', /^--no-hls stands alone/],
])('of "%s" is said what is wrong', (line, sentence) => {
  expect(() => readCommand(line.split(' '))).toThrow(sentence)
})

const view: StreamView = {
  stream_id: 'cam',
  state: 'live',
  since: '2026-01-01T00:00:00.000Z',
  started_by: 'api',
  wanted: null,
  source: { width: 1280, height: 720, frames_per_second: 25, audio: true },
  renditions: [
    {
      id: 'v720',
      width: 1280,
      height: 720,
      codecs: '',
      bits_per_second: 2_400_000,
      peak_bits_per_second: 3_000_000,
      frames_per_second: 25,
      speed: 0.9,
    },
  ],
  encoder: { state: 'running', failures: 0, speed: 0.9, last_lines: [] },
  viewers: 1,
  average_response_ms: null,
  latency_ms: 412,
  problems: [{ at: '2026-01-01T00:00:00.000Z', what: 'The camera hangs\u001b[2J up.' }],
  playback: { hls: null, dash: null, thumbnail: '' },
  record: null,
}

test('a stream is told in one line, which moves no cursor', () => {
  const now = new Date('2026-01-01T00:00:35Z')
  expect(streamLine(view, now)).toBe(
    'cam: live for 35 s · 1280×720 at 25/s with sound · 720p 2.40 Mbit/s (at 0.90 of real time) · 1 viewer · 0.4 s later than at its quickest · 00:00 UTC: The camera hangs [2J up.',
  )
  expect(streamLine({ ...view, state: 'waiting', source: null, renditions: [] }, now)).toBe(
    'cam: waiting for 35 s · 1 viewer · 0.4 s later than at its quickest · The camera hangs [2J up.',
  )
})

test('a stream is started, watched over, listed and stopped from the command line', async () => {
  const api = startTestApi()
  const server = createServer(getRequestListener(api.app.fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close().closeAllConnections()
    await api.stop()
  })
  const address = `http://127.0.0.1:${{ port: 0, ...Object(server.address()) }.port}`
  const url = 'rtsp://eve:s3cret@camera.example/live'
  expect(await cli(address, 'start', 'cam', url, '--qualities', '720p')).toMatch(
    /cam is being started.*playlist\.m3u8/s,
  )
  expect(await cli(address, 'start', 'cam', url, '--qualities', '720p')).toMatch(/runs already/)
  expect(await cli(address, 'start', 'cam', url)).toMatch(/^1: .*other settings/)
  expect(await cli(address, 'start', 'bad', 'ftp://127.0.0.1/x')).toMatch(/^1: .*source_url/)
  expect(await cli(address, 'monitor', 'cam', '2')).toMatch(
    /^(0: )?cam: starting.*unplugged.*\ncam: starting/s,
  )
  expect(await cli(address, 'list')).toMatch(/cam: starting/)
  expect(await cli(address, 'stop', 'cam')).toMatch(/cam is stopped/)
  expect(await cli(address, 'stop', 'cam')).toMatch(/^1: This node has no stream cam/)
  expect(await cli(address, 'monitor', 'cam', '2')).toMatch(/^1: This node has no stream cam/)
  expect(await cli(address, 'list')).toMatch(/no streams/)
  expect(await cli(address, 'measure')).toMatch(/measures itself.*\nThis node encodes 150 megapixels/s)
}, 60_000)

test('a node that is not there, or is none, is said in a sentence', async () => {
  const server = createServer((_, outgoing) => outgoing.end('<html>')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${{ port: 0, ...Object(server.address()) }.port}`
  expect(await cli(address, 'list')).toMatch(/^1: .*is no node/)
  server.close().closeAllConnections()
  await once(server, 'close')
  expect(await cli(address, 'list')).toMatch(/^1: Nothing answers at .*npm start/)
}, 60_000)

test('another part of Sixcast is not taken for a node', async () => {
  const address = await serve(404, { code: 'not-found', message: 'There is nothing under this address.' })
  expect(await cli(address, 'list')).toMatch(/^1: What answers at .* is another part of Sixcast.*port 8083/)
}, 60_000)

test('a stream that has ended is watched over no longer', async () => {
  const problems = [{ at: '2026-01-01T00:00:00.000Z', what: 'The file film.mp4 is over.' }]
  const address = await serve(200, { ...view, state: 'ended', problems })
  expect(await cli(address, 'monitor', 'cam', '3600')).toMatch(/^1: cam has ended/)
}, 60_000)

/** The address of what answers the same to everything. */
async function serve(status: number, body: object) {
  const server = createServer((_, outgoing) => outgoing.writeHead(status).end(JSON.stringify(body)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${{ port: 0, ...Object(server.address()) }.port}`
}

/** What it says; with its exit code before it when it fails. */
async function cli(address: string, ...args: string[]) {
  const program = join(import.meta.dirname, '../cli.ts')
  return promisify(execFile)(process.execPath, [program, ...args, '--node', address]).then(
    ({ stdout }) => stdout,
    ({ code, stderr }) => `${code}: ${stderr}`,
  )
}
