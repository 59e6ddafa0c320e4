import type { Fragment } from '../packager/part-grid.ts'
import { H264, isDecoderSetup, isKeyFrame } from './flv-tag.ts'
import { MESSAGE, type RtmpMessage } from './rtmp-message.ts'

/** A picture as its source sent it, times in milliseconds, and how it is coded, as RFC 6381 writes it. */
export type SourceFrame = { frame: Fragment; codecs: string }

/** What FLV puts before a picture: what it is, and how much later than decoded it is shown. */
const FLV_BYTES = 5

/** Reads the pictures of a source, and nothing but H.264, as they come from RTMP. */
export function readSource(take: (picture: SourceFrame) => void): (message: RtmpMessage) => void {
  let codecs: string | undefined

  return (message) => {
    const { type, ms, body } = message
    if (type !== MESSAGE.picture || body.length <= FLV_BYTES || (body.readUInt8() & 15) !== H264) return
    if (isDecoderSetup(message)) {
      codecs = `avc1.${body.toString('hex', FLV_BYTES + 1, FLV_BYTES + 4)}` // profile, compatibility, level
    } else if (codecs) {
      const data = body.subarray(FLV_BYTES)
      const sample = { duration: 0, size: data.length, flags: 0, compositionOffset: body.readIntBE(2, 3) }
      take({
        frame: { tick: ms, start: ms / 1000, duration: 0, key: isKeyFrame(message), samples: [sample], data },
        codecs,
      })
    }
  }
}
