import type { Writable } from 'node:stream'
import type { FirstArrival } from './first-arrival.ts'
import { flvHeader, flvTag } from './flv-tag.ts'
import { holdStream } from './hold-stream.ts'
import { joinStream } from './join-stream.ts'
import { MESSAGE, type RtmpMessage } from './rtmp-message.ts'

/** Each write wakes the reader, and that costs more than what is written: sound goes with the next picture, if that comes soon. */
const SOUNDS_TOGETHER = 3

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
  let seen: ((message: RtmpMessage) => void) | undefined
  let isOver = false
  let first: FirstArrival | undefined
  let handedMs = 0
  let waiting: Buffer[] = []

  function media(message: RtmpMessage) {
    if (!reader) return held.keep(message)
    handedMs = message.ms
    first?.saw(message.ms, performance.now())
    seen?.(message)
    waiting.push(flvTag(message))
    if (message.type === MESSAGE.sound && waiting.length < SOUNDS_TOGETHER) return
    if (handOn(reader) || line.isPaused()) return
    line.pause()
    reader.once('drain', line.resume)
  }

  /** Says whether the reader can take more. */
  function handOn(to: Writable): boolean {
    const together = Buffer.concat(waiting)
    waiting = []
    return to.write(together)
  }

  function over() {
    isOver = true
    joined.resolve(false)
    if (!reader) return
    handOn(reader)
    reader.end()
  }

  return {
    /** Whether nginx-rtmp has let us in; false when it will not any more. */
    joined: joined.promise,
    isOver: () => isOver,
    leave: line.leave,
    /**
     * Writes it as FLV, from the last key frame on if one has come already, and shows it to who wants to see it. Ends the
     * reader when the stream is over.
     */
    feed(to: Writable, tracks: { audio: boolean }, saw?: (message: RtmpMessage) => void) {
      const { messages, ...before } = held.release()
      first = before.first
      reader = to
      seen = saw
      to.on('error', () => {}) // it has ended
      to.on('close', line.leave)
      to.write(Buffer.concat([flvHeader(tracks), ...messages.map(flvTag)]))
      if (saw) messages.forEach(saw)
      if (isOver) to.end()
    },
    /** Of its pictures, as they were set up before its reader came. */
    size: held.size,
    /** Up to which time stamp the reader was given it. */
    handedMs: () => handedMs,
    /** How long ago its first picture came, had nothing held it up, in milliseconds; zero if there was a reader already. */
    heldMs: () => (first ? performance.now() - first.at() : 0),
  }
}
