import { expect, test } from 'vitest'
import { dashManifest } from '../packager/dash-manifest.ts'
import type { TrackWindow } from '../packager/track-window.ts'
import { isOwnManifest } from './origin-manifest.ts'

const session = 'saaaaaaaaaaaa'
const at = '2026-01-01T00:00:00.000Z'
const segment = { run: 1, discontinuity: 0, start: 2, duration: 2, at, bytes: 9, parts: [] }
const video: TrackWindow = {
  ...{ id: 'v480', kind: 'video', codecs: 'avc1.64001f', shapes: [], peakBitsPerSecond: 9, totalBytes: 9 },
  ...{ totalSeconds: 2, partTarget: 1 / 3 },
  segments: [{ ...segment, number: 1, uri: 'v480/1-1.m4s', init: 'v480/init-0a.mp4' }],
}
const record = {
  ...{ session, startedAt: at, run: 1, origin: at, phase: 0, segmentSeconds: 2, firstNumber: 0 },
  ...{ discontinuitySequence: 0, ladder: ['v480'] },
}
const manifest = (ended: boolean) =>
  dashManifest({
    ...{ session, records: [record], tracks: [video], rules: { listedSeconds: 20, segmentSeconds: 2 } },
    ...{ lowLatency: { partSeconds: 1 / 3 }, running: !ended, ended, publishedAt: at },
  }) ?? ''

test.each([true, false])('a manifest of ours is taken, ended: %s', (ended) => {
  expect(isOwnManifest(manifest(ended), session)).toBe(true)
})

test.each([
  ['of another session', `${session}/$`, 'sbbbbbbbbbbbb/$'],
  ['with another base', '<Period', '<BaseURL>http://evil.example/</BaseURL><Period'],
  ['with another place', '<Period', '<Location>http://evil.example/</Location><Period'],
  ['with a link', '<Period', '<Period xlink:href="http://evil.example/"'],
  ['with entities', '<MPD', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><MPD'],
  ['with another clock', 'value="/time"', 'value="http://evil.example/time"'],
  ['with media elsewhere', /media="[^"]*"/, 'media="http://evil.example/$Number$.m4s"'],
  ['with media above', /media="[^"]*"/, `media="${session}/../$Number$.m4s"`],
  ['with an init file elsewhere', /initialization="[^"]*"/, 'initialization="/x.mp4"'],
  ['with media elsewhere in other quotes', /media="[^"]*"/, "media='http://evil.example/$Number$.m4s'"],
  ['with media elsewhere after a space', /media="[^"]*"/, 'media ="http://evil.example/$Number$.m4s"'],
  ['that is cut off', '</MPD>', ''],
  ['that is a page', /^/, '<html>'],
])('one %s is not', (_, from, to) => {
  expect(isOwnManifest(manifest(false).replace(from, to), session)).toBe(false)
})
