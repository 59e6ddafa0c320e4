import { MESSAGE, type RtmpMessage } from './rtmp-message.ts'

/** The beginning of an FLV file that says which tracks are in it. ffmpeg looks for no others, and no longer than until it has them. */
export function flvHeader({ audio }: { audio: boolean }): Buffer {
  return Buffer.from([...Buffer.from('FLV'), 1, audio ? 5 : 1, 0, 0, 0, 9, 0, 0, 0, 0])
}

const TAG_HEADER_BYTES = 11

/** A message as FLV has it: RTMP carries the same sound, pictures and data. */
export function flvTag({ type, ms, body }: RtmpMessage): Buffer {
  const end = TAG_HEADER_BYTES + body.length
  const tag = Buffer.allocUnsafe(end + 4)
  tag.writeUInt8(type, 0)
  tag.writeUIntBE(body.length, 1, 3)
  tag.writeUIntBE(ms % 2 ** 24, 4, 3)
  tag.writeUInt8(Math.floor(ms / 2 ** 24), 7)
  tag.writeUIntBE(0, 8, 3)
  body.copy(tag, TAG_HEADER_BYTES)
  tag.writeUInt32BE(end, end)
  return tag
}

const AAC = 10
const H264 = 7

/** Whether it tells how to decode what follows, and is no sound and no picture itself. */
export function isDecoderSetup({ type, body }: RtmpMessage): boolean {
  const [coding = 0, kind] = body
  if (type === MESSAGE.data) return true
  return kind === 0 && (type === MESSAGE.sound ? coding >> 4 === AAC : (coding & 15) === H264)
}

export function isKeyFrame(message: RtmpMessage): boolean {
  return message.type === MESSAGE.picture && (message.body[0] ?? 0) >> 4 === 1 && !isDecoderSetup(message)
}

/** The highest bit says that more follows about the coding (enhanced RTMP): then the low ones mean something else. */
export function isH264({ type, body: [coding = 0] }: RtmpMessage): boolean {
  return type === MESSAGE.picture && (coding & 0x8f) === H264
}
