/** A message of RTMP (Adobe's specification 1.0). Its time stamp wraps at 2^32. */
export type RtmpMessage = { type: number; ms: number; body: Buffer }

export const MESSAGE = { chunkSize: 1, control: 4, sound: 8, picture: 9, data: 18, command: 20 }

/** What we announce: each message of ours is one chunk. */
const OUR_CHUNK_BYTES = 1 << 20
export const OUR_CHUNKS = writtenMessage({ type: MESSAGE.chunkSize, body: uint32(OUR_CHUNK_BYTES) })

/** A message as it goes over the line. `stream` is zero for what concerns the connection. */
export function writtenMessage(message: {
  type: number
  body: Buffer
  ms?: number
  stream?: number
}): Buffer {
  const { type, body, ms = 0, stream = 0 } = message
  const isExtended = ms >= 0xffffff
  const header = Buffer.alloc(12)
  header[0] = type === MESSAGE.command ? 3 : type === MESSAGE.chunkSize || type === MESSAGE.control ? 2 : 4
  header.writeUIntBE(isExtended ? 0xffffff : ms, 1, 3)
  header.writeUIntBE(body.length, 4, 3)
  header[7] = type
  header.writeUInt32LE(stream, 8)
  return Buffer.concat([header, ...(isExtended ? [uint32(ms)] : []), body])
}

type AmfValue = string | number | null | Record<string, string>

/** AMF 0: what commands and data are written in. */
export function amf(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(amfValue))
}

function amfValue(value: AmfValue): Buffer {
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

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
