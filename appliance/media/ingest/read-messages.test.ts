import { expect, test } from 'vitest'
import { readMessages } from './read-messages.ts'
import type { RtmpMessage } from './rtmp-message.ts'

const [SOUND, PICTURE] = [8, 9]

test.each([1, 7, 4096])(
  'messages are read whole, whichever way they come in pieces: %i bytes at a time',
  (size) => {
    const picture = Buffer.alloc(300, 9)
    const sound = Buffer.alloc(10, 8)
    const bytes = Buffer.concat([
      begin(6, 1000, PICTURE, picture.length),
      picture.subarray(0, 128),
      begin(4, 1005, SOUND, sound.length), // between the pieces of another
      sound,
      goOn(6),
      picture.subarray(128, 256),
      goOn(6),
      picture.subarray(256),
    ])
    expect(read(bytes, size)).toEqual([
      { type: SOUND, ms: 1005, body: sound },
      { type: PICTURE, ms: 1000, body: picture },
    ])
  },
)

test('what was read stays as it was when the bytes it came in are used again', () => {
  const bodies = [Buffer.alloc(90, 1), Buffer.alloc(50, 2), Buffer.alloc(3, 3)]
  const bytes = Buffer.concat(
    bodies.flatMap((body, at) => [begin(6, at, at === 1 ? SOUND : PICTURE, body.length), body]),
  )
  const messages: RtmpMessage[] = []
  const take = readMessages((message) => messages.push(message))
  const buffer = Buffer.alloc(64)
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const count = bytes.copy(buffer, 0, at, at + buffer.length)
    take(buffer.subarray(0, count))
    buffer.fill(0xff)
  }
  expect(messages.map(({ body }) => body)).toEqual(bodies)
})

test('a header leaves out what is as before', () => {
  const bytes = Buffer.concat([
    ...[begin(6, 1000, PICTURE, 2), Buffer.from('ab')],
    ...[Buffer.from([0x46, 0, 0, 40, 0, 0, 1, PICTURE]), Buffer.from('c')],
    ...[Buffer.from([0x86, 0, 0, 20]), Buffer.from('d')],
    ...[goOn(6), Buffer.from('e')],
  ])
  expect(read(bytes).map(({ ms, body }) => `${ms} ${body}`)).toEqual([
    '1000 ab',
    '1040 c',
    '1060 d',
    '1080 e',
  ])
})

test('a time stamp beyond three bytes stands before every piece, and wraps at 2^32', () => {
  const body = Buffer.alloc(200, 1)
  const bytes = Buffer.concat([
    ...[begin(6, 0xffffff, PICTURE, body.length), long(2 ** 32 - 40), body.subarray(0, 128)],
    ...[goOn(6), long(2 ** 32 - 40), body.subarray(128)],
    ...[Buffer.from([0x46, 0, 0, 50, 0, 0, 1, PICTURE]), Buffer.from('b')],
    ...[Buffer.from([0x46, 255, 255, 255, 0, 0, 1, PICTURE]), long(2 ** 32 - 5), Buffer.from('c')], // it runs back
  ])
  expect(read(bytes).map(({ ms }) => ms)).toEqual([2 ** 32 - 40, 10, 5])
})

test('the server says how long its chunks are from now on', () => {
  const body = Buffer.alloc(4000, 9)
  const bytes = Buffer.concat([begin(2, 0, 1, 4), long(4096), begin(6, 0, PICTURE, body.length), body])
  expect(read(bytes).at(-1)).toEqual({ type: PICTURE, ms: 0, body })
})

test.each([
  [Buffer.from([0, 36]), 100],
  [Buffer.from([1, 36, 1]), 356],
])('a stream of chunks may have a number of more bytes', (number) => {
  const bytes = Buffer.concat([number, begin(6, 7, SOUND, 1).subarray(1), Buffer.from('a')])
  expect(read(Buffer.concat([bytes, bytes]))).toHaveLength(2)
})

function read(bytes: Buffer, size = bytes.length): RtmpMessage[] {
  const messages: RtmpMessage[] = []
  const take = readMessages((message) => messages.push(message))
  for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size))
  return messages
}

function begin(stream: number, ms: number, type: number, length: number): Buffer {
  const header = Buffer.alloc(12)
  header[0] = stream
  header.writeUIntBE(ms, 1, 3)
  header.writeUIntBE(length, 4, 3)
  header[7] = type
  return header
}

function goOn(stream: number): Buffer {
  return Buffer.from([0xc0 + stream])
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
