import { Transform, type TransformCallback } from 'node:stream'

type Limits = {
  /** Of the first packet: whoever sends it is still a stranger. */
  firstBytes: number
  /** Of every later one. */
  laterBytes: number
}

type Place = { at: 'type' } | { at: 'length'; value: number; shift: number } | { at: 'body'; left: number }

/**
 * Lets MQTT packets pass, and fails at one that announces more than it may have: the broker itself would gather it in memory
 * first. A packet begins with a byte of type and its length in up to four bytes of seven bits.
 */
export function packetLimit({ firstBytes, laterBytes }: Limits): Transform {
  let place: Place = { at: 'type' }
  let limit = firstBytes

  function step(byte: number): Place {
    if (place.at !== 'length') return { at: 'length', value: 0, shift: 0 }
    const value = place.value + (byte & 127) * 2 ** place.shift
    if (value > limit || place.shift > 21) throw new Error(`a packet of more than ${limit} bytes`)
    if (byte & 128) return { at: 'length', value, shift: place.shift + 7 }
    limit = laterBytes
    return value === 0 ? { at: 'type' } : { at: 'body', left: value }
  }

  function walk(chunk: Buffer) {
    for (let at = 0; at < chunk.length; ) {
      if (place.at === 'body') {
        const taken = Math.min(place.left, chunk.length - at)
        place = taken === place.left ? { at: 'type' } : { at: 'body', left: place.left - taken }
        at += taken
      } else place = step(chunk[at++] ?? 0)
    }
  }

  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      try {
        walk(chunk)
        done(null, chunk)
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
  })
}
