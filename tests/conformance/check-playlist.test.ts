import { expect, test } from 'vitest'
import { changesOf, faultsOf } from './check-playlist.ts'
import { parsePlaylist } from './parse-playlist.ts'

const sound = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.500,CAN-SKIP-UNTIL=12.0
#EXT-X-PART-INF:PART-TARGET=0.50000
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-MAP:URI="v/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14.000Z
#EXTINF:2.00000,
v/2-7.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:16.000Z
#EXT-X-PART:DURATION=0.50000,URI="v/2-8.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.50000,URI="v/2-8.1.m4s"
#EXT-X-PART:DURATION=0.40000,URI="v/2-8.2.m4s"
#EXTINF:1.40000,
v/2-8.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="v/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:20.000Z
#EXT-X-PART:DURATION=0.50000,URI="v/3-9.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="v/3-9.1.m4s"
#EXT-X-RENDITION-REPORT:URI="a.m3u8",LAST-MSN=9,LAST-PART=0
`

test('a sound playlist has no fault', () => {
  expect(faultsOf(parsePlaylist(sound))).toEqual([])
  expect(changesOf(parsePlaylist(sound), parsePlaylist(sound))).toEqual([])
})

test.each([
  ['a segment that is too long', 'EXTINF:2.00000', 'EXTINF:2.60000', /4\.4\.3\.1/],
  ['a part that is too long', 'DURATION=0.50000,URI="v/2-8.1', 'DURATION=0.50100,URI="v/2-8.1', /4\.4\.4\.9/],
  ['a short part in the middle', 'DURATION=0.50000,URI="v/2-8.1', 'DURATION=0.40000,URI="v/2-8.1', /85 %/],
  ['a segment that is not as long as its parts', 'EXTINF:1.4', 'EXTINF:1.3', /its parts/],
  ['a date that jumps within a run', '00:00:16.000', '00:00:16.100', /date of segment 8/],
  ['a date that goes back over a discontinuity', '00:00:20.000', '00:00:17.000', /goes back/],
  ['a hold-back that is too small', 'PART-HOLD-BACK=1.500', 'PART-HOLD-BACK=1.400', /4\.4\.3\.8/],
  ['a skip boundary that is too near', 'CAN-SKIP-UNTIL=12.0', 'CAN-SKIP-UNTIL=10.0', /skip boundary/],
  ['a hint at what is there', 'HINT:TYPE=PART,URI="v/3-9.1', 'HINT:TYPE=PART,URI="v/3-9.0', /hint/],
  ['an end that promises more', 'LAST-PART=0\n', 'LAST-PART=0\n#EXT-X-ENDLIST\n', /promises more/],
  [
    'no map',
    '#EXT-X-MAP:URI="v/init.mp4"\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14',
    '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:14',
    /4\.4\.4\.5/,
  ],
])('%s is a fault', (_, from, to, fault) => {
  expect(sound).toContain(from)
  expect(faultsOf(parsePlaylist(sound.replace(from, to))).join()).toMatch(fault)
})

test.each([
  ['a segment under another name', 'v/2-8.m4s', 'v/9-8.m4s', /uri of segment 8/],
  ['a media sequence that goes back', 'MEDIA-SEQUENCE:7', 'MEDIA-SEQUENCE:6', /6\.2\.2/],
  ['a jump over segments', 'MEDIA-SEQUENCE:7', 'MEDIA-SEQUENCE:10', /were never seen/],
  ['a forgotten discontinuity', 'DISCONTINUITY-SEQUENCE:1', 'DISCONTINUITY-SEQUENCE:0', /6\.2\.2/],
  [
    'a part that is taken back',
    '#EXT-X-PART:DURATION=0.50000,URI="v/3-9.0.m4s"',
    '#EXT-X-PART:DURATION=0.50000,URI="v/4-9.0.m4s"',
    /is gone/,
  ],
])('%s may not happen', (_, from, to, fault) => {
  expect(sound).toContain(from)
  expect(changesOf(parsePlaylist(sound), parsePlaylist(sound.replace(from, to))).join()).toMatch(fault)
})

test('a line that nobody knows is not read over', () => {
  expect(() => parsePlaylist(sound.replace('#EXT-X-VERSION:9', '#EXT-X-VERSIN:9'))).toThrow(/unknown line/)
  expect(() => parsePlaylist(sound.slice(0, -1))).toThrow(/whole/)
})
