import type { Fragment } from '../packager/part-grid.ts'
import { isDecoderSetup, isH264, isKeyFrame } from './flv-tag.ts'
import type { RtmpMessage } from './rtmp-message.ts'

/** A picture as its source sent it, times in milliseconds, and how it is coded, as RFC 6381 writes it. */
export type SourceFrame = { frame: Fragment; codecs: string }

/** What FLV puts before a picture: what it is, and how much later than decoded it is shown. */
const FLV_BYTES = 5
/** Behind that, of a setup: its version, and then profile, compatibility and level. */
const [PROFILE_AT, LEVEL_END] = [FLV_BYTES + 1, FLV_BYTES + 4]
const PICTURE = 1

/** Reads the pictures of a source, and nothing but H.264, as they come from RTMP. */
export function readSource(take: (picture: SourceFrame) => void): (message: RtmpMessage) => void {
  let codecs: string | undefined

  return (message) => {
    if (!isH264(message)) return
    const { ms, body } = message
    if (isDecoderSetup(message) && body.length >= LEVEL_END)
      codecs = `avc1.${body.toString('hex', PROFILE_AT, LEVEL_END)}`
    if (!codecs || body[1] !== PICTURE || body.length <= FLV_BYTES) return
    const data = body.subarray(FLV_BYTES)
    const sample = { duration: 0, size: data.length, flags: 0, compositionOffset: body.readIntBE(2, 3) }
    take({
      frame: { tick: ms, start: ms / 1000, duration: 0, key: isKeyFrame(message), samples: [sample], data },
      codecs,
    })
  }
}
