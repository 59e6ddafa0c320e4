import { expect, test } from 'vitest'
import { firstVariant, listedParts, partsAfter, waitFor } from './low-latency-parts.ts'

const playlist = `#EXTM3U
#EXT-X-PART-INF:PART-TARGET=0.33333
#EXT-X-PART:DURATION=0.33333,URI="v480/1-11.5.m4s"
#EXTINF:2.00000,
v480/1-11.m4s
#EXT-X-PART:DURATION=0.33333,URI="v480/1-12.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.33333,URI="v480/1-12.1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="v480/1-12.2.m4s"`
const listed = listedParts(playlist)
const [first, second, third] = listed

test('listed is what is there, not what is hinted at', () => {
  expect(listed.map(({ uri }) => uri)).toEqual(['v480/1-11.5.m4s', 'v480/1-12.0.m4s', 'v480/1-12.1.m4s'])
  expect(third).toEqual({ uri: 'v480/1-12.1.m4s', number: 12, part: 1 })
})

test('a viewer goes on after what he has seen, and a new one begins with the newest', () => {
  expect(partsAfter(first, listed)).toEqual([second, third])
  expect(partsAfter(third, listed)).toEqual([])
  expect(partsAfter(undefined, listed)).toEqual([third])
  expect(partsAfter({ uri: 'v480/1-3.0.m4s', number: 3, part: 0 }, listed)).toEqual([third])
})

test('the wait is for the next part of the same segment: the server knows where a segment ends', () => {
  expect(waitFor({ uri: 'v480/1-12.1.m4s', number: 12, part: 1 })).toBe(
    '_HLS_msn=12&_HLS_part=2&_HLS_skip=YES',
  )
})

test('the first variant is the best', () => {
  const multivariant =
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ns1/v480.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\ns1/v360.m3u8\n'
  expect(firstVariant(multivariant)).toBe('s1/v480.m3u8')
})
