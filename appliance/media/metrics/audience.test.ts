import { expect, test } from 'vitest'
import type { AccessLine } from './access-line.ts'
import { audience } from './audience.ts'

const line: AccessLine = {
  stream: 'demo',
  kind: 'playlist',
  status: 200,
  bytes: 100,
  viewer: 'a',
  responseSeconds: 0.01,
}

test('viewers are who asked for playlists or media within ten seconds, each once', () => {
  const { heard, viewersOf } = audience(() => true)
  for (const viewer of ['a', 'b', 'a']) heard({ ...line, viewer }, 1000)
  heard({ ...line, viewer: 'c', kind: 'part' }, 6000)
  heard({ ...line, viewer: 'b', kind: 'blocking', status: 304 }, 9000)
  heard({ ...line, viewer: 'd', kind: 'thumbnail' }, 9000)
  heard({ ...line, viewer: 'e', status: 404 }, 9000)
  heard({ ...line, viewer: 'f', stream: 'other' }, 9000)
  expect([9000, 11_000, 11_001, 16_001, 19_001].map((at) => viewersOf('demo', at))).toEqual([3, 3, 2, 1, 0])
  expect([viewersOf('other', 9000), viewersOf('unheard-of', 9000)]).toEqual([1, 0])
})

test('the control plane, which fetches a segment now and then, is no viewer; its bytes are counted', () => {
  const { heard, viewersOf, read } = audience(() => true)
  heard({ ...line, viewer: '192.0.2.1 - Sixcast-Prober' }, 0)
  expect(viewersOf('demo', 0)).toBe(0)
  expect(read(0).streams).toMatchObject([{ egressBytes: 100 }])
})

test('the load is what leaves now, for other nodes too, and to how many viewers', () => {
  const { heard, load } = audience(() => true)
  heard({ ...line, bytes: 10_000 }, 1000)
  heard({ ...line, stream: 'other', viewer: 'b', bytes: 2500 }, 2000)
  heard({ ...line, viewer: '192.0.2.1 - Sixcast-Mirror', bytes: 5000 }, 3000)
  expect(load(9000)).toEqual({ viewers: 2, bitsPerSecond: 14_000 })
  expect(load(60_000)).toEqual({ viewers: 0, bitsPerSecond: 0 })
})

test('the average response is that of the last ten seconds, without what was held', () => {
  const { heard, averageResponseMs } = audience(() => true)
  expect(averageResponseMs('demo', 0)).toBeUndefined()
  heard({ ...line, responseSeconds: 0.01 }, 1000)
  heard({ ...line, responseSeconds: 0.0302 }, 5000)
  heard({ ...line, kind: 'segment', responseSeconds: undefined }, 5000)
  heard({ ...line, status: 404, responseSeconds: 3 }, 5000)
  expect(averageResponseMs('demo', 6000)).toBe(20.1)
  expect(averageResponseMs('demo', 12_000)).toBe(30.2)
  expect(averageResponseMs('demo', 30_000)).toBeUndefined()
})

test('every byte that left is counted, and every status', () => {
  const { heard, read } = audience(() => true)
  heard(line, 0)
  heard({ ...line, status: 404, bytes: 11 }, 0)
  heard({ ...line, stream: 'other', bytes: 7 }, 0)
  expect(read(0)).toMatchObject({
    requests: [
      { status: 200, count: 2 },
      { status: 404, count: 1 },
    ],
    streams: [
      {
        stream: 'demo',
        egressBytes: 111,
        responses: [{ kind: 'playlist', reading: { count: 1, sum: 0.01 } }],
      },
      { stream: 'other', egressBytes: 7 },
    ],
  })
})

test('names out of requests are not kept, and a stream that is gone is forgotten', () => {
  const known = new Set(['demo'])
  const { heard, read, viewersOf } = audience((name) => known.has(name))
  heard({ ...line, stream: 'made-up' }, 0)
  expect(viewersOf('made-up', 0)).toBe(0)
  heard(line, 0)
  expect(read(0).streams.map(({ stream }) => stream)).toEqual(['demo'])
  known.clear()
  expect(read(0).streams).toEqual([])
})

test('viewers that somebody invents do not fill the memory', () => {
  const { heard, viewersOf } = audience(() => true)
  for (let i = 0; i < 21_000; i++) heard({ ...line, viewer: `invented ${i}` }, 0)
  expect(viewersOf('demo', 0)).toBe(20_000)
})
