import { expect, test } from 'vitest'
import { NoPlaylist, parseOriginPlaylist } from './origin-playlist.ts'

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.000,CAN-SKIP-UNTIL=12.0
#EXT-X-PART-INF:PART-TARGET=0.33333
#EXT-X-MEDIA-SEQUENCE:4
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="v480/init-0123456789abcdef.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXT-X-PART:DURATION=1.00000,URI="v480/1-4.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=1.00000,URI="v480/1-4.1.m4s"
#EXTINF:2.00000,
v480/1-4.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="v480/init-1123456789abcdef.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.33333,URI="v480/2-5.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="v480/2-5.1.m4s"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=5,LAST-PART=0
`

test('a playlist of ours is understood', () => {
  expect(parseOriginPlaylist(PLAYLIST, 'v480')).toMatchObject({
    ...{ targetDuration: 2, partTarget: 0.33333, canBlock: true, skipSeconds: 12, ended: false },
    segments: [{ number: 4, discontinuity: 0, uri: 'v480/1-4.m4s', duration: 2, parts: [{}, {}] }],
    growing: { number: 5, discontinuity: 1, uri: 'v480/2-5.m4s', init: 'v480/init-1123456789abcdef.mp4' },
    hint: 'v480/2-5.1.m4s',
  })
})

test('what a later release says beside is handed on, as long as it leads nowhere', () => {
  const later = PLAYLIST.replace('#EXT-X-PART-INF', '#EXT-X-NEWS:OF=2030\n#EXT-X-PART-INF')
    .replace('#EXTINF', '#EXT-X-BITRATE:900\n#EXTINF')
    .replace('INDEPENDENT=YES', 'INDEPENDENT=YES,GAP=NO')
  expect(parseOriginPlaylist(later, 'v480').segments[0]?.lines).toContain('#EXT-X-BITRATE:900')
})

test.each([
  ['a page', '<html>', ''],
  ['a cut-off playlist', PLAYLIST, PLAYLIST.slice(0, -20)],
  ['nothing', PLAYLIST, ''],
  ['no target duration', '#EXT-X-TARGETDURATION:2', '#EXT-X-TARGETDURATION:0'],
  ['a segment elsewhere', 'v480/1-4.m4s', 'http://evil.example/1-4.m4s'],
  ['a segment above', 'v480/1-4.m4s', '../v480/1-4.m4s'],
  ['a segment of another track', 'v480/1-4.m4s', 'v360/1-4.m4s'],
  ['a segment with a query', 'v480/1-4.m4s', 'v480/1-4.m4s?x'],
  ['another number', 'v480/1-4.m4s', 'v480/1-9.m4s'],
  ['a part elsewhere', 'URI="v480/1-4.1.m4s"', 'URI="//evil.example/1-4.1.m4s"'],
  ['a part above', 'URI="v480/1-4.1.m4s"', 'URI="v480/../../x.m4s"'],
  ['a part of another segment', 'URI="v480/1-4.1.m4s"', 'URI="v480/1-3.1.m4s"'],
  ['parts in disorder', 'URI="v480/1-4.1.m4s"', 'URI="v480/1-4.7.m4s"'],
  ['a part by another name', ',INDEPENDENT=YES', ',X-URI="http://evil.example/"'],
  ['an init file elsewhere', 'URI="v480/init-0123456789abcdef.mp4"', 'URI="v480/init-../a.mp4"'],
  ['no init file', '#EXT-X-MAP:URI="v480/init-0123456789abcdef.mp4"\n', ''],
  ['an init file of a range', 'abcdef.mp4"\n#EXT-X-PROGRAM', 'abcdef.mp4",BYTERANGE="1@2"\n#EXT-X-PROGRAM'],
  ['a hint elsewhere', 'TYPE=PART,URI="v480/2-5.1.m4s"', 'TYPE=PART,URI="/etc/passwd"'],
  ['a report elsewhere', 'URI="audio.m3u8"', 'URI="http://evil.example/a.m3u8"'],
  ['a key', '#EXT-X-MAP', '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXT-X-MAP'],
  ['a key before all', '#EXT-X-PART-INF', '#EXT-X-SESSION-KEY:URI="key"\n#EXT-X-PART-INF'],
  ['a link in what nobody knows', '#EXTINF', '#EXT-X-NEWS:"http://evil.example"\n#EXTINF'],
  ['a strange character', '#EXTINF', '#EXT-X-NEWS:\u001b[2J\n#EXTINF'],
  ['a duration that is none', '#EXTINF:2.00000,', '#EXTINF:soon,'],
  ['an endless line', '#EXTINF', `#EXT-X-NEWS:${'x'.repeat(2000)}\n#EXTINF`],
  ['endless lines', '#EXTINF', `${'#EXT-X-NEWS\n'.repeat(30_000)}#EXTINF`],
])('%s is no playlist', (_, from, to) => {
  const text = from === '<html>' ? from : PLAYLIST.replace(from, to)
  expect(() => parseOriginPlaylist(text, 'v480')).toThrow(NoPlaylist)
})
