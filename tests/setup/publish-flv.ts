import { once } from 'node:events'
import { connect } from 'node:net'
import { amf, MESSAGE, OUR_CHUNKS, writtenMessage } from '../../appliance/media/ingest/rtmp-message.ts'
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

const PONG = Buffer.from([0, 7, 0, 0, 0, 0])
const PONG_EVERY_MS = 5000
const STREAM = 1

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
  const command = (stream: number, ...values: Parameters<typeof amf>) =>
    socket.write(writtenMessage({ type: MESSAGE.command, body: amf(...values), stream }))
  socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536)]))
  await until(() => heard.length >= 1 + 2 * 1536)
  socket.write(heard.subarray(1, 1 + 1536))
  socket.write(OUR_CHUNKS)
  command(0, 'connect', 1, { app, tcUrl: `rtmp://${hostname}:${port}/${app}` })
  await until(() => heard.includes('NetConnection.Connect.Success'))
  command(0, 'createStream', 2, null)
  command(STREAM, 'publish', 3, null, name + search, 'live')
  await until(() => heard.includes('NetStream.Publish.Start'))
  socket.resume()
  const since = performance.now()
  let pongAt = since
  for (const { type, ms, body } of tagsOf(flv)) {
    await sleep(Math.max(0, since + ms / speed - performance.now()), signal)
    if (signal.aborted || socket.destroyed) return
    if (performance.now() > pongAt) {
      socket.write(writtenMessage({ type: MESSAGE.control, body: PONG }))
      pongAt += PONG_EVERY_MS
    }
    const content = type === MESSAGE.data ? Buffer.concat([amf('@setDataFrame'), body]) : Buffer.from(body)
    if (type === MESSAGE.picture) content[0] = ((content[0] ?? 0) & 0xf0) | code
    socket.write(writtenMessage({ type, ms: stamp(ms) % 2 ** 32, body: content, stream: STREAM }))
  }
  socket.end()
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
