import { MESSAGE, type RtmpMessage } from './rtmp-message.ts'

/** A message of which some bytes are there. `field` is its time stamp as it was sent: of a moment, or since the one before. */
type Begun = RtmpMessage & { field: number; filled: number }
/** A chunk's header: `size` bytes of the stream of chunks with this number, before a piece of `message`. */
type Header = { stream: number; size: number; message: Begun }

const FIRST_CHUNK_BYTES = 128
/** What stands in three bytes for a time stamp that needs four; these follow the header. */
const EXTENDED = 0xffffff
/** The four kinds of headers, without the number of their stream: each leaves out more of what is as it was before. */
const HEADER_BYTES = [11, 7, 3, 0]

/** Reads what an RTMP server sends after its handshake: streams of chunks, each of which puts its messages together one after the other. The bytes it is given are its own only while it reads them. */
export function readMessages(take: (message: RtmpMessage) => void): (bytes: Buffer) => void {
  const streams = new Map<number, Begun>()
  let unread: Buffer = Buffer.alloc(0)
  let chunkBytes = FIRST_CHUNK_BYTES

  /** How long the chunk is that stands at the beginning; zero if it is not whole. */
  function readChunk(bytes: Buffer): number {
    const header = headerOf(bytes, streams)
    if (!header) return 0
    const { stream, size, message } = header
    const end = size + Math.min(missingOf(message), chunkBytes)
    if (bytes.length < end) return 0
    message.filled += bytes.copy(message.body, message.filled, size, end)
    streams.set(stream, message)
    if (missingOf(message) === 0) finish(message)
    return end
  }

  function finish({ type, ms, body }: RtmpMessage) {
    if (type === MESSAGE.chunkSize && body.length === 4) chunkBytes = Math.max(1, body.readUInt32BE())
    take({ type, ms, body })
  }

  return (bytes) => {
    let rest = unread.length ? Buffer.concat([unread, bytes]) : bytes
    for (let length = readChunk(rest); length > 0; length = readChunk(rest)) rest = rest.subarray(length)
    unread = Buffer.from(rest) // what it came in is used again
  }
}

function headerOf(bytes: Buffer, streams: Map<number, Begun>): Header | undefined {
  const { kind, stream, at } = beginningOf(bytes)
  const end = at + (HEADER_BYTES[kind] ?? 0)
  if (bytes.length < end) return undefined
  const before = streams.get(stream)
  const told = kind < 3 ? bytes.readUIntBE(at, 3) : (before?.field ?? 0)
  const size = told < EXTENDED ? end : end + 4
  if (bytes.length < size) return undefined
  if (before && missingOf(before) > 0) return { stream, size, message: before }
  const field = told < EXTENDED ? told : bytes.readUInt32BE(end)
  const ms = kind === 0 ? field : ((before?.ms ?? 0) + field) % 2 ** 32
  const length = kind < 2 ? bytes.readUIntBE(at + 3, 3) : (before?.body.length ?? 0)
  const type = kind < 2 ? bytes.readUInt8(at + 6) : (before?.type ?? 0)
  return { stream, size, message: { type, ms, field, body: Buffer.allocUnsafe(length), filled: 0 } }
}

function missingOf({ body, filled }: Begun): number {
  return body.length - filled
}

/** Six bits are the number of a stream, or say that it follows in one byte or two. */
function beginningOf(bytes: Buffer): { kind: number; stream: number; at: number } {
  const [first = 0, second = 0, third = 0] = bytes
  const [kind, number] = [first >> 6, first & 63]
  if (number === 0) return { kind, stream: 64 + second, at: 2 }
  return number === 1 ? { kind, stream: 64 + second + 256 * third, at: 3 } : { kind, stream: number, at: 1 }
}
