import { expect, test } from 'vitest'
import { manifestChanges, manifestFaults, misplacedBy, promisedSegments } from './check-manifest.ts'
import { parseManifest } from './parse-manifest.ts'

const period = (id: number, when: string, first: number, offset: number) =>
  `<Period id="${id}"${when}>
${[
  [
    'video',
    'v360',
    90_000,
    'codecs="avc1.64001e" bandwidth="900000" width="640" height="360" frameRate="25"',
  ],
  ['audio', 'audio', 48_000, 'codecs="mp4a.40.2" bandwidth="120000" audioSamplingRate="48000"'],
]
  .map(
    ([kind, track, scale, described]) =>
      `<AdaptationSet id="${kind}" contentType="${kind}" mimeType="${kind}/mp4" segmentAlignment="true" startWithSAP="1">
<Representation id="${track}" ${described}>
<SegmentTemplate timescale="${scale}" duration="${2 * Number(scale)}" startNumber="${first}" presentationTimeOffset="${offset * Number(scale)}" initialization="s/${track}/init.mp4" media="s/$RepresentationID$/${id}-$Number$.m4s" availabilityTimeOffset="1.5" availabilityTimeComplete="false"/>
</Representation>
</AdaptationSet>`,
  )
  .join('\n')}
</Period>`

const sound = `<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" minBufferTime="PT2S" type="dynamic" availabilityStartTime="2026-01-01T00:00:00.000Z" publishTime="2026-01-01T00:00:30.000Z" minimumUpdatePeriod="PT2S" timeShiftBufferDepth="PT10S" maxSegmentDuration="PT2S">
<ServiceDescription id="0">
<Latency target="1500" min="750" max="4500"/>
</ServiceDescription>
${period(1, ' start="PT1S" duration="PT5S"', 1, 4)}
${period(2, ' start="PT20S"', 9, 0)}
<UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="/time"/>
</MPD>
`
const ended = `<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" minBufferTime="PT2S" type="static" mediaPresentationDuration="PT12.5S">
${period(1, ' duration="PT3S"', 2, 6)}
${period(2, ' duration="PT9.5S"', 9, 0)}
</MPD>
`
const at = (seconds: number) => Date.parse('2026-01-01T00:00:00.000Z') + seconds * 1000

test('a sound manifest has no fault, and may end', () => {
  expect(manifestFaults(parseManifest(sound))).toEqual([])
  expect(manifestFaults(parseManifest(ended))).toEqual([])
  expect(manifestChanges(parseManifest(sound), parseManifest(sound))).toEqual([])
  expect(manifestChanges(parseManifest(sound), parseManifest(ended))).toEqual([])
})

test.each([
  ['another profile', 'isoff-live', 'full', /profile/],
  ['no buffer', 'minBufferTime="PT2S"', 'minBufferTime="PT0S"', /buffer/],
  ['a start after its publishing', 'publishTime="2026', 'publishTime="2025', /before its start/],
  ['no word of when to come back', ' minimumUpdatePeriod="PT2S"', '', /come back/],
  ['a manifest of nothing', /<Period[\s\S]*<\/Period>/, '', /no Period/],
  ['no clock', /<UTCTiming.*/, '', /no clock/],
  ['no latency', /<Latency.*/, '', /no latency/],
  ['a length while live', ' publishTime', ' mediaPresentationDuration="PT9S" publishTime', /how long/],
  ['a Period without a start', ' start="PT20S"', '', /no start/],
  ['Periods that overlap', 'start="PT20S"', 'start="PT5S"', /overlaps/],
  ['a Period that goes on beside the next', ' duration="PT5S"', '', /does not end before/],
  [
    'segments that are longer than it says',
    'maxSegmentDuration="PT2S"',
    'maxSegmentDuration="PT1S"',
    /longer/,
  ],
  ['tracks that are cut at other moments', 'startNumber="1"', 'startNumber="2"', /other moments/],
  ['a track that is not in all Periods', 'id="v360"', 'id="v240"', /something else/],
  ['segments without numbers', '1-$Number$', '1-1', /no number/],
])('%s is a fault', (_, from, to, fault) => {
  expect(sound).toMatch(from)
  expect(manifestFaults(parseManifest(sound.replace(from, to))).join()).toMatch(fault)
})

test('an ended stream lasts as long as its Periods', () => {
  expect(manifestFaults(parseManifest(ended.replace('PT12.5S', 'PT12S'))).join()).toMatch(/last 12.5 s/)
})

test.each([
  ['another start of the presentation', 'Time="2026-01-01T00:00:00', 'Time="2026-01-01T00:00:01', /Start/],
  ['an older manifest', '00:00:30.000Z', '00:00:29.000Z', /went back/],
  [
    'a change without a date',
    '</Period>\n<UTC',
    `</Period>\n${period(3, ' start="PT50S"', 40, 0)}\n<UTC`,
    /new publishTime/,
  ],
  ['a Period that moves', 'start="PT20S"', 'start="PT21S"', /began at 20, begins at 21/],
  ['a Period that is longer than it was', 'duration="PT5S"', 'duration="PT6S"', /lasted 5, lasts 6/],
  ['another first number', /startNumber="9"/g, 'startNumber="10"', /2\/v360 number 0 at/],
  ['another place on the media clock', 'Offset="0" init', 'Offset="90000" init', /2\/v360 from/],
  ['other files', 's/$RepresentationID$/2-', 't/$RepresentationID$/2-', /2\/v360 in/],
])('%s may not come', (_, from, to, fault) => {
  expect(sound).toMatch(from)
  expect(manifestChanges(parseManifest(sound), parseManifest(sound.replace(from, to))).join()).toMatch(fault)
})

test('what has ended does not go on, and no Period comes from the past', () => {
  expect(manifestChanges(parseManifest(ended), parseManifest(sound))).toEqual(['an ended stream went on'])
  const second = sound.replace(/<Period id="1"[\s\S]*?<\/Period>\n/, '')
  const changes = manifestChanges(parseManifest(second), parseManifest(sound))
  expect(changes).toContain('Period 1 came after Period 2')
})

test.each([
  ['nothing before its first bytes are due', 1, []],
  ['the first when its first bytes are due', 1.5, ['1-1 grows']],
  ['it whole when it has ended', 3, ['1-1']],
  ['of a Period no more than it lasts', 8, ['1-1', '1-2', '1-3']],
  ['nothing that has left the window', 15, ['1-2', '1-3']],
  ['nothing of a Period that is long over', 22.5, ['2-9', '2-10 grows']],
])('promised is %s', (_, seconds, expected) => {
  const promised = promisedSegments(parseManifest(sound), at(seconds))
  const pictures = promised.filter(({ representation }) => representation.id === 'v360')
  expect(
    pictures.map(({ uri, growing }) => uri.replace('s/v360/', '').replace('.m4s', growing ? ' grows' : '')),
  ).toEqual(expected)
  expect(promised).toHaveLength(2 * pictures.length)
})

test('of what has ended all is promised', () => {
  const promised = promisedSegments(parseManifest(ended), 0)
  expect(promised.map(({ number }) => number)).toEqual([2, 3, 2, 3, 9, 10, 11, 12, 13, 9, 10, 11, 12, 13])
})

test('a segment may begin a frame beside its place', () => {
  const [promised] = promisedSegments(parseManifest(ended), 0)
  const off = (seconds: number) => promised && misplacedBy(promised, (6 + seconds) * 90_000)
  expect([off(0), off(0.04), off(-0.04)]).toEqual([undefined, undefined, undefined])
  expect(off(0.08)).toBeCloseTo(0.08)
  expect(off(Number.NaN)).toBeNaN()
})

test.each([
  ['an unknown element', '<UTCTiming', '<UtcTiming'],
  ['an unknown attribute', 'minBufferTime', 'minBufer'],
  ['an element in the wrong place', '<UTCTiming', '<Latency target="1" min="1" max="1"/><UTCTiming'],
  ['a missing attribute', ' value="/time"', ''],
  ['an attribute twice', 'type="dynamic"', 'type="dynamic" type="static"'],
  ['an element that is not closed', '</AdaptationSet>', ''],
  ['a wrong duration', 'PT10S', 'P1D'],
  ['a moment without a zone', '00:00:30.000Z', '00:00:30.000'],
  ['something after the end', '</MPD>', '</MPD><MPD/>'],
])('%s is not read over', (_, from, to) => {
  expect(() => parseManifest(sound.replace(from, to))).toThrow()
})
