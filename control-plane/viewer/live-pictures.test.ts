import { expect, test } from 'vitest'
import type { StreamView } from '../streams/stream-view.ts'
import { livePictures } from './live-pictures.ts'

const stream: StreamView = {
  ...{ name: 'harbour', title: 'The harbour', description: '', open: false },
  ...{ state: 'live', host: '[2001:4dd0::7]:8084' },
}
const jpeg = (text = 'picture') => Buffer.from(`\xff\xd8\xff${text}`, 'latin1')
const answer = (bytes: Buffer, type = 'image/jpeg') =>
  new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })

/** Nodes and relay that answer as the test says, and what they were asked. */
function open(answers: Record<string, () => Response>) {
  const asked: string[] = []
  const clock = { now: 0 }
  const pictures = livePictures({
    relayUrl: 'http://127.0.0.1:8080',
    async ask(url) {
      asked.push(String(url))
      return answers[new URL(String(url)).host]?.() ?? Promise.reject(new TypeError('fetch failed'))
    },
    now: () => clock.now,
  })
  return { asked, clock, pictures }
}

test('whoever asks within two seconds is given the same picture, also while it is on its way', async () => {
  let made = 0
  const { asked, clock, pictures } = open({ '[2001:4dd0::7]:8084': () => answer(jpeg(String(++made))) })
  const both = await Promise.all([pictures.of(stream), pictures.of(stream)])
  expect(both).toEqual([jpeg('1'), jpeg('1')])
  clock.now = 1999
  expect(await pictures.of(stream)).toEqual(jpeg('1'))
  clock.now = 2000
  expect(await pictures.of(stream)).toEqual(jpeg('2'))
  expect(asked).toEqual(Array(2).fill('http://[2001:4dd0::7]:8084/harbour/thumbnail.jpg'))
})

test('what the node does not give is asked of the relay', async () => {
  const { asked, pictures } = open({ '127.0.0.1:8080': () => answer(jpeg()) })
  expect(await pictures.of(stream)).toEqual(jpeg())
  expect(asked.at(-1)).toBe('http://127.0.0.1:8080/harbour/thumbnail.jpg')
})

test.each<[string, () => Response]>([
  ['too large', () => answer(jpeg('x'.repeat(600_000)))],
  ['of another type', () => answer(jpeg(), 'text/html')],
  ['a page that says it is one', () => answer(Buffer.from('<script>'))],
  ['refused', () => new Response('', { status: 404 })],
])('a picture that is %s is none', async (_, node) => {
  expect(await open({ '[2001:4dd0::7]:8084': node }).pictures.of(stream)).toBeUndefined()
})

test('nobody is asked for a stream that is not live', async () => {
  const { asked, pictures } = open({})
  expect(await pictures.of({ ...stream, state: 'waiting' })).toBeUndefined()
  expect(asked).toEqual([])
})
