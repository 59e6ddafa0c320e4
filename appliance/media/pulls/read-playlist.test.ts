import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readPlaylist, withoutSockets } from './read-playlist.ts'

test.each([
  ['#EXTM3U\nhttp://a/1.ts\n', 'string'],
  ['\uFEFF<?xml version="1.0"?><MPD/>', 'string'],
  ['G#EXTM3U\n', 'object'],
  ['#EXT', 'object'],
  ['', 'object'],
])(
  'what ffmpeg takes for a playlist is read as one, in whatever pieces it comes (%j)',
  async (body, kind) => {
    for (const pieces of [[body], [...body]]) {
      const read = await readPlaylist(Readable.from(pieces.map((piece) => Buffer.from(piece))))
      expect(typeof read).toBe(kind)
      expect(
        typeof read === 'string' ? read : Buffer.concat(await Readable.from(read).toArray()).toString(),
      ).toBe(body)
    }
  },
)

test.each([
  ['tcp://a:1', 'tcp%3A//a:1'],
  ['crypto+tcp://a:1', 'crypto+tcp%3A//a:1'],
  ['#EXT-X-MEDIA:URI="\\tc\\p\\://a:1"', '#EXT-X-MEDIA:URI="\\tc\\p\\%3A//a:1"'],
  ['http://tcp/tcp.ts?tcp=1', 'http://tcp/tcp.ts?tcp=1'],
])('no socket is named by %j', (text, written) => {
  expect(withoutSockets(text)).toBe(written)
})
