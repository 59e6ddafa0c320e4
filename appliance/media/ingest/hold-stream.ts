import { codedSize, type Size } from './coded-size.ts'
import { type FirstArrival, firstArrival } from './first-arrival.ts'
import { isDecoderSetup, isH264, isKeyFrame } from './flv-tag.ts'
import { MESSAGE, type RtmpMessage } from './rtmp-message.ts'

/** Ten seconds between key frames at 25 Mbit/s. */
const MOST_BYTES = 32 * 1024 ** 2
/** What a message takes beside its body, measured at 240: a sound may be a single byte. */
const MESSAGE_BYTES = 256

/** `first`: of its key frame, if there is one. */
export type HeldStream = { messages: RtmpMessage[]; first: FirstArrival | undefined }

/**
 * Keeps a stream for a reader who is about to come: what he needs to decode it, and all since its last key frame. Sound
 * without a picture is not kept, nor are pictures that nobody reads from RTMP; those that outgrow the bounds are let go until
 * the next key frame.
 */
export function holdStream(mostBytes = MOST_BYTES) {
  const setup = new Map<number, RtmpMessage>()
  let kept: RtmpMessage[] | undefined
  let first: FirstArrival | undefined
  let bytes = 0
  let size: Size | undefined

  function begin({ ms }: RtmpMessage) {
    kept = [...setup.values()]
    first = firstArrival(ms, performance.now())
    bytes = 0
  }

  function setUp(message: RtmpMessage) {
    setup.set(message.type, message)
    if (message.type === MESSAGE.picture) size = codedSize(message.body)
  }

  function letGo() {
    kept = undefined
    first = undefined
  }

  return {
    keep(message: RtmpMessage) {
      if (isDecoderSetup(message)) setUp(message)
      if (isKeyFrame(message) && isH264(message)) begin(message)
      first?.saw(message.ms, performance.now())
      kept?.push(message)
      bytes += MESSAGE_BYTES + message.body.length
      if (bytes > mostBytes) letGo()
    },
    /** Of its pictures, as the last setup before its reader told it. */
    size: () => size,
    /** Hands all of it on, and keeps no more of it. */
    release(): HeldStream {
      const held = { messages: kept ?? [...setup.values()], first }
      letGo()
      return held
    },
  }
}
