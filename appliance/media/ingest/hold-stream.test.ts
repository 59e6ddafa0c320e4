import { expect, test } from 'vitest'
import { holdStream } from './hold-stream.ts'

const META = message(18, 'data')
const [H264_SETUP, AAC_SETUP] = [message(9, [0x17, 0]), message(8, [0xaf, 0])]
const [KEY, NEXT, SOUND] = [message(9, [0x17, 1]), message(9, [0x27, 1]), message(8, [0xaf, 1])]

test('a stream is kept from its last key frame on, with what is needed to decode it', () => {
  expect(kept(META, AAC_SETUP, SOUND, H264_SETUP, KEY, SOUND, NEXT)).toEqual([
    ...[META, AAC_SETUP, H264_SETUP],
    ...[KEY, SOUND, NEXT],
  ])
  expect(kept(AAC_SETUP, H264_SETUP, KEY, NEXT, SOUND, KEY, NEXT)).toEqual([AAC_SETUP, H264_SETUP, KEY, NEXT])
})

test('sound without a picture is not kept', () => {
  expect(kept(META, AAC_SETUP, SOUND, SOUND)).toEqual([META, AAC_SETUP])
})

test('what changes how a picture is decoded stays behind the pictures before it', () => {
  const other = message(9, [0x17, 0, 1])
  expect(kept(H264_SETUP, KEY, other, NEXT)).toEqual([H264_SETUP, KEY, other, NEXT])
  expect(kept(H264_SETUP, KEY, other, KEY)).toEqual([other, KEY])
})

test('pictures of other codings are not kept: nobody will read them', () => {
  const [key, next] = [message(9, [0x12, 0]), message(9, [0x22, 0])]
  expect(kept(META, key, SOUND, next)).toEqual([META])
})

test('what outgrows the bounds is let go until the next key frame', () => {
  const holding = holdStream(1000)
  for (const each of [H264_SETUP, KEY, message(9, Array(1000).fill(0x27)), NEXT]) holding.keep(each)
  expect(holding.release()).toEqual({ messages: [H264_SETUP], first: undefined })
  for (const each of [NEXT, KEY, NEXT]) holding.keep(each)
  expect(holding.release()).toEqual({ messages: [H264_SETUP, KEY, NEXT], first: expect.anything() })
})

test('many small messages outgrow the bounds too: each takes more than its bytes', () => {
  const holding = holdStream(100_000)
  for (const each of [KEY, ...Array(400).fill(SOUND)]) holding.keep(each)
  expect(holding.release().messages).toEqual([])
})

test('what caught up while nobody read dates the first picture', () => {
  const holding = holdStream()
  const since = performance.now()
  for (const ms of [0, 1000, 2000]) holding.keep({ ...(ms ? NEXT : KEY), ms })
  const { first } = holding.release()
  expect(since - (first?.at() ?? since)).toBeGreaterThan(1000)
})

function kept(...messages: ReturnType<typeof message>[]) {
  const holding = holdStream()
  for (const each of messages) holding.keep(each)
  return holding.release().messages
}

function message(type: number, body: string | number[]) {
  return { type, ms: 0, body: typeof body === 'string' ? Buffer.from(body) : Buffer.from(body) }
}
