import { once } from 'node:events'
import { connect } from 'node:net'
import { sleep } from '../../shared/runtime/repeat.ts'

type Tag = { type: number; ms: number; body: Buffer }
type Order = {
  url: string
  /** What is sent, as ffmpeg writes it to an FLV file. */
  flv: Buffer
  /** The time stamp that a tag carries instead of its own, in milliseconds; wraps at 2^32. */
  stamp?: (ms: number) => number
  /** How many seconds of media are sent in one. */
  speed?: number
  /** The number of the coding that pictures are said to be in, instead of 7 for H.264. */
  code?: number
}

const [CHUNK_SIZE, COMMAND, SCRIPT, USER_CONTROL] = [1, 20, 18, 4]
const PONG = Buffer.from([0, 7, 0, 0, 0, 0])
const PONG_EVERY_MS = 5000

const PICTURE = 9

/** An RTMP encoder that sends what no sane one would: any time stamps, at any pace. Resolves when all is sent. */
export async function publishFlv(
  { url, flv, stamp = (ms) => ms, speed = 1, code = 7 }: Order,
  signal: AbortSignal,
) {
  const { hostname, port, pathname, search } = new URL(url)
  const [, app = '', name = ''] = pathname.split('/')
  const socket = connect(Number(port), hostname)
  signal.addEventListener('abort', () => socket.destroy(), { once: true })
  socket.on('error', () => {}) // whoever is sent away has no more to say
  let heard = Buffer.alloc(0)
  const until = async (there: () => boolean) => {
    while (!there()) heard = Buffer.concat([heard, (await once(socket, 'data', { signal }))[0]])
  }
  socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536)]))
  await until(() => heard.length >= 1 + 2 * 1536)
  socket.write(heard.subarray(1, 1 + 1536))
  socket.write(message(CHUNK_SIZE, 0, Buffer.from([0, 0x10, 0, 0]), 0))
  socket.write(message(COMMAND, 0, amf('connect', 1, { app, tcUrl: `rtmp://${hostname}:${port}/${app}` }), 0))
  await until(() => heard.includes('NetConnection.Connect.Success'))
  socket.write(message(COMMAND, 0, amf('createStream', 2, null), 0))
  socket.write(message(COMMAND, 0, amf('publish', 3, null, name + search, 'live'), 1))
  await until(() => heard.includes('NetStream.Publish.Start'))
  socket.resume()
  const since = performance.now()
  let pongAt = since
  for (const { type, ms, body } of tagsOf(flv)) {
    await sleep(Math.max(0, since + ms / speed - performance.now()), signal)
    if (signal.aborted || socket.destroyed) return
    if (performance.now() > pongAt) {
      socket.write(message(USER_CONTROL, 0, PONG, 0))
      pongAt += PONG_EVERY_MS
    }
    const content = type === SCRIPT ? Buffer.concat([amf('@setDataFrame'), body]) : Buffer.from(body)
    if (type === PICTURE) content[0] = ((content[0] ?? 0) & 0xf0) | code
    socket.write(message(type, stamp(ms) % 2 ** 32, content, 1))
  }
  socket.end()
}

/** One chunk, however long. */
function message(type: number, ms: number, body: Buffer, stream: number): Buffer {
  const long = ms >= 0xffffff
  const header = Buffer.alloc(12 + (long ? 4 : 0))
  header[0] = type === COMMAND ? 3 : type === CHUNK_SIZE || type === USER_CONTROL ? 2 : 4
  header.writeUIntBE(long ? 0xffffff : ms, 1, 3)
  header.writeUIntBE(body.length, 4, 3)
  header[7] = type
  header.writeUInt32LE(stream, 8)
  if (long) header.writeUInt32BE(ms, 12)
  return Buffer.concat([header, body])
}

/** AMF 0: what commands are written in. */
function amf(...values: (string | number | null | Record<string, string>)[]): Buffer {
  return Buffer.concat(values.map(amfValue))
}

function amfValue(value: string | number | null | Record<string, string>): Buffer {
  if (value === null) return Buffer.from([5])
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), text(value)])
  if (typeof value === 'object') {
    const fields = Object.entries(value).flatMap(([key, field]) => [text(key), amf(field)])
    return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])])
  }
  const number = Buffer.alloc(9)
  number.writeDoubleBE(value, 1)
  return number
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function tagsOf(flv: Buffer): Tag[] {
  const tags: Tag[] = []
  for (let at = flv.readUInt32BE(5) + 4; at + 11 <= flv.length; ) {
    const length = flv.readUIntBE(at + 1, 3)
    const ms = flv.readUIntBE(at + 4, 3) + (flv[at + 7] ?? 0) * 2 ** 24
    tags.push({ type: flv[at] ?? 0, ms, body: flv.subarray(at + 11, at + 11 + length) })
    at += 11 + length + 4
  }
  return tags
}
