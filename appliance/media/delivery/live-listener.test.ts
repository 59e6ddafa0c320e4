import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestOptions, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { growingTrack } from './growing-test-track.ts'
import { liveListener } from './live-listener.ts'

const session = 'sabcdefghijkl'
let folder: string
let server: Server
let track: ReturnType<typeof growingTrack>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'live-'))
  track = growingTrack(join(folder, 'cam', session), 2)
  const listener = liveListener({
    liveOf: (_, id) => (id === session ? track.live : undefined),
    liveDirectory: folder,
    log: createLog('media', () => {}),
  })
  server = createServer(listener).listen(join(folder, 'media.sock'))
  await once(server, 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  rmSync(folder, { recursive: true })
})

test('whoever asks for a part that is there is answered at once', async () => {
  const { headers, body } = await get('v480.m3u8?_HLS_msn=7&_HLS_part=1')
  expect(headers['content-type']).toBe('application/vnd.apple.mpegurl')
  expect(body).toBe('7 parts 2')
})

test('whoever asks for the next part is answered when it comes', async () => {
  const asked = await held('v480.m3u8?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES')
  track.grow()
  expect((await asked.answer()).body).toBe('7 parts 3 skipped')
})

test('who takes it packed gets it packed', async () => {
  const { response, headers } = await open('v480.m3u8?_HLS_msn=7&_HLS_part=1', 'deflate, gzip;q=0.8')
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
  const packed = Buffer.concat(await response.toArray())
  expect(gunzipSync(packed).toString()).toBe('7 parts 2')
})

test('who refuses it packed gets it as it is', async () => {
  const { response, headers } = await open('v480.m3u8?_HLS_msn=7&_HLS_part=1', 'gzip;q=0, identity')
  expect(headers['content-encoding']).toBeUndefined()
  expect(await text(response)).toBe('7 parts 2')
})

test('once the session is over nobody waits', async () => {
  const asked = await held('v480.m3u8?_HLS_msn=7&_HLS_part=2')
  track.end()
  expect((await asked.answer()).status).toBe(200)
})

test.each([
  ['what is too far ahead', 'v480.m3u8?_HLS_msn=9', 400],
  ['a part of no segment', 'v480.m3u8?_HLS_part=1', 400],
  ['a negative segment', 'v480.m3u8?_HLS_msn=-1', 400],
  ['a segment that is no number', 'v480.m3u8?_HLS_msn=7e1', 400],
  ['a segment named twice', 'v480.m3u8?_HLS_msn=7&_HLS_msn=7', 400],
  ['an unknown way to skip', 'v480.m3u8?_HLS_skip=NO', 400],
  ['a track that is not there', 'v999.m3u8?_HLS_msn=7', 404],
  ['a segment nobody expects', 'v480/1-9.m4s', 404],
  ['a segment that is gone', 'v480/1-2.m4s', 404],
  ['a path that is none', 'v480/..%2f1-7.m4s', 400],
  ['a path that is too long', 'v480/1-7.m4s/more', 404],
])('%s is refused', async (_, path, status) => {
  const answer = await get(path)
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.body).code).toBe(status === 400 ? 'bad-request' : 'not-found')
})

test.each([
  ['_HLS_msn=x', '_HLS_msn: must be one whole number of at most nine digits.'],
  ['_HLS_msn=7&_HLS_msn=7', '_HLS_msn: must be one whole number of at most nine digits.'],
  ['_HLS_part=1', '_HLS_part: is of the segment that _HLS_msn names: send both.'],
  ['_HLS_skip=NO', '_HLS_skip: must be YES or v2.'],
])('of %s people hear what is wrong with it', async (query, message) => {
  expect(JSON.parse((await get(`v480.m3u8?${query}`)).body)).toEqual({ code: 'bad-request', message })
})

test('a session that is not here is not found', async () => {
  expect((await get('../szzzzzzzzzzzz/v480.m3u8?_HLS_msn=7')).status).toBe(404)
})

test('a part that the playlist hinted at is answered when it is there', async () => {
  const asked = await held('v480/1-7.2.m4s')
  track.grow()
  expect((await asked.answer()).body).toBe('part 2;')
})

test('a part that does not come is not waited for longer than nginx waits for us', async () => {
  const asked = Date.now()
  expect((await get('v480/1-7.2.m4s')).status).toBe(404)
  expect(Date.now() - asked).toBeLessThan(4500)
})

test('of a growing segment the head alone is answered at once', async () => {
  const { statusCode, headers } = await ask('v480/1-7.m4s', { method: 'HEAD' })
  expect([statusCode, headers['content-type']]).toEqual([200, 'video/iso.segment'])
})

test('of a session that is over nobody waits for media that cannot come', async () => {
  const asked = await held('v480/1-7.2.m4s')
  const endedAt = performance.now()
  track.end()
  expect((await asked.answer()).status).toBe(404)
  expect(performance.now() - endedAt).toBeLessThan(1500)
})

test('a growing segment is sent part by part, and ends with its last one', async () => {
  const { response, headers } = await open('v480/1-7.m4s')
  expect(headers['content-type']).toBe('video/iso.segment')
  await expect.poll(() => received(response)).toBe('part 0;part 1;')
  track.grow()
  await expect.poll(() => received(response)).toBe('part 0;part 1;part 2;')
  track.close()
  await once(response, 'end')
})

test('a segment that closes while it is sent loses nothing, though its parts are gone', async () => {
  const { response } = await open('v480/1-7.m4s')
  track.grow()
  track.grow()
  track.close()
  rmSync(join(folder, 'cam', session, 'v480', '1-7.3.m4s'))
  expect(await text(response)).toBe('part 0;part 1;part 2;part 3;')
})

test('a reader who is slower than parts exist gets the whole segment all the same', async () => {
  const large = 'x'.repeat(8_000_000)
  for (let at = 0; at < 3; at++) track.grow(large)
  const { response } = await open('v480/1-7.m4s')
  track.close()
  for (let part = 0; part < 5; part++) rmSync(join(folder, 'cam', session, 'v480', `1-7.${part}.m4s`))
  expect(await text(response)).toBe(`part 0;part 1;${large.repeat(3)}`)
})

test('a segment that goes while it is sent is not taken for a whole one', async () => {
  for (let at = 0; at < 3; at++) track.grow('x'.repeat(8_000_000))
  const { response } = await open('v480/1-7.m4s')
  track.close()
  rmSync(join(folder, 'cam', session, 'v480'), { recursive: true })
  await expect(text(response)).rejects.toThrow('aborted')
})

test('the segment after the growing one is answered as soon as it begins', async () => {
  const asked = await held('v480/1-8.m4s')
  track.close()
  track.grow()
  const response = await asked.response
  await expect.poll(() => received(response)).toBe('part 0;')
  track.close()
  await once(response, 'end')
})

const bodies = new WeakMap<IncomingMessage, string>()

/** What has come of it so far. */
function received(response: IncomingMessage): string {
  if (!bodies.has(response)) {
    bodies.set(response, '')
    response.on('data', (chunk) => bodies.set(response, bodies.get(response) + String(chunk)))
  }
  return bodies.get(response) ?? ''
}

async function get(file: string) {
  const { response, headers } = await open(file)
  return { status: response.statusCode, headers, body: await text(response) }
}

async function open(file: string, encoding?: string) {
  const response = await ask(file, { headers: encoding ? { 'accept-encoding': encoding } : {} })
  return { response, headers: response.headers }
}

/** Once the request has arrived. */
async function held(file: string) {
  const arrived = once(server, 'request')
  const response = ask(file)
  await arrived
  const answer = () => response.then(async (it) => ({ status: it.statusCode, body: await text(it) }))
  return { response, answer }
}

async function ask(file: string, more: RequestOptions = {}): Promise<IncomingMessage> {
  const [response] = await once(
    request({
      socketPath: join(folder, 'media.sock'),
      path: `/live/cam/${session}/${file}`.replace(/\/[^/]+\/\.\.\//, '/'),
      ...more,
    }).end(),
    'response',
  )
  return response
}
