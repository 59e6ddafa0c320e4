import type { Writable } from 'node:stream'
import type { FirstArrival } from './first-arrival.ts'
import { flvHeader, flvTag } from './flv-tag.ts'
import { holdStream } from './hold-stream.ts'
import { joinStream } from './join-stream.ts'
import type { RtmpMessage } from './rtmp-message.ts'

export type PlayedStream = ReturnType<typeof playStream>

/**
 * A stream of nginx-rtmp on its way to an encoder, from its next key frame on. Whoever joins before its publisher misses
 * nothing of it; and gets nothing of the publisher after it, because nginx-rtmp says on the same line when one has left.
 */
export function playStream(url: string) {
  const joined = Promise.withResolvers<boolean>()
  const held = holdStream()
  const line = joinStream(url, { joined: () => joined.resolve(true), media, over })
  let reader: Writable | undefined
  let isOver = false
  let first: FirstArrival | undefined
  let handedMs = 0

  function media(message: RtmpMessage) {
    if (!reader) return held.keep(message)
    handedMs = message.ms
    first?.saw(message.ms, performance.now())
    if (reader.write(flvTag(message)) || line.isPaused()) return
    line.pause()
    reader.once('drain', line.resume)
  }

  function over() {
    isOver = true
    joined.resolve(false)
    reader?.end()
  }

  return {
    /** Whether nginx-rtmp has let us in; false when it will not any more. */
    joined: joined.promise,
    isOver: () => isOver,
    leave: line.leave,
    /** Writes it as FLV, from the last key frame on if one has come already. Ends the reader when the stream is over. */
    feed(to: Writable, tracks: { audio: boolean }) {
      const { messages, ...before } = held.release()
      first = before.first
      reader = to
      to.on('error', () => {}) // it has ended
      to.on('close', line.leave)
      to.write(Buffer.concat([flvHeader(tracks), ...messages.map(flvTag)]))
      if (isOver) to.end()
    },
    /** Up to which time stamp the reader was given it. */
    handedMs: () => handedMs,
    /** How long ago its first picture came, had nothing held it up, in milliseconds; zero if there was a reader already. */
    heldMs: () => (first ? performance.now() - first.at() : 0),
  }
}
