import type { Beacon } from '@sixcast/shared/contract/beacon.ts'
import { expect, test } from 'vitest'
import { countBeacons } from './beacon-count.ts'
import { type Experience, experienceOf } from './experience.ts'
import { experienceSentence } from './experience-words.ts'
import { bucketOf, msOfBucket } from './join-bucket.ts'

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000)
const about = { stream: 'golive', pathway: 'n1-g1' }
const join = (ms: number): Beacon => ({ ...about, what: 'join', ms })

test('beacons are counted by minute, stream, pathway and kind, and taken once', () => {
  const counts = countBeacons()
  counts.count({ ...about, what: 'stall', ms: 400 }, at(0))
  counts.count({ ...about, what: 'stall', ms: 600 }, at(59))
  counts.count({ ...about, what: 'stall', ms: 100 }, at(60))
  counts.count({ ...about, pathway: 'relay', what: 'failure', how: 'timeout' }, at(0))
  const stall = { ...about, kind: 'stall', bucket: 0 }
  expect(counts.take()).toEqual([
    { ...stall, minute: at(0), count: 2, total: 1000 },
    { ...stall, minute: at(60), count: 1, total: 100 },
    { ...stall, minute: at(0), pathway: 'relay', kind: 'timeout', count: 1, total: 0 },
  ])
  expect(counts.take()).toEqual([])
})

test('however many streams are named, memory holds so many counts and no more', () => {
  const counts = countBeacons()
  for (let each = 0; each < 5000; each += 1) counts.count({ ...join(100), stream: `s${each}` }, at(0))
  counts.count({ ...join(100), stream: 's0' }, at(0))
  const taken = counts.take()
  expect(taken).toHaveLength(2000)
  expect(taken[0], 'what is counted already still is').toMatchObject({ stream: 's0', count: 2 })
})

test.each([0, 1, 50, 333, 1000, 4200, 600_000])('a time of %d ms is kept to a tenth or so', (ms) => {
  expect(bucketOf(ms)).toBeLessThan(256)
  const kept = msOfBucket(bucketOf(ms))
  expect(Math.abs(kept - Math.max(50, ms)) / Math.max(50, ms)).toBeLessThan(0.1)
})

const experience = (beacons: Beacon[]): Experience => {
  const counts = countBeacons()
  for (const beacon of beacons) counts.count(beacon, at(0))
  return experienceOf(counts.take())
}

test('median and 95 % are told of joins, and stalls by how long was watched', () => {
  const told = experience([
    ...Array.from({ length: 90 }, () => join(800)),
    ...Array.from({ length: 10 }, () => join(5000)),
    ...Array.from({ length: 8 }, (): Beacon => ({ ...about, what: 'watched', seconds: 900 })),
    { ...about, what: 'stall', ms: 500 },
    { ...about, what: 'failure', how: 'timeout' },
    { ...about, pathway: 'relay', what: 'failure', how: 'refused' },
  ])
  expect(told).toEqual({
    joins: 100,
    medianJoinMs: 800,
    p95JoinMs: 5382,
    viewerHours: 2,
    stalls: 1,
    stallsPerViewerHour: 0.5,
    failures: [
      { pathway: 'n1-g1', refused: 0, timeout: 1, error: 0 },
      { pathway: 'relay', refused: 1, timeout: 0, error: 0 },
    ],
  })
  expect(experienceSentence(told)).toBe(
    '100 viewers began in the last hour and had a picture after 0.8 s, 95 % within 5.4 s. Pictures stood 0.5 times per viewer hour. A way failed a player 2 times: 1 fell silent, 1 refused.',
  )
})

test.each<[string, Beacon[], string]>([
  ['nothing', [], 'No player has told anything in the last hour.'],
  [
    'one viewer without trouble',
    [join(800)],
    'One viewer began in the last hour and had a picture after 0.8 s, 95 % within 0.8 s. No picture stood. No way failed a player.',
  ],
  [
    'a stall of a viewer who has just come',
    [{ ...about, what: 'stall', ms: 500 }],
    'Nobody began to watch in the last hour. One picture stood. No way failed a player.',
  ],
  [
    'a node that answers with nothing of use',
    [{ ...about, what: 'failure', how: 'error' }],
    'Nobody began to watch in the last hour. No picture stood. A way failed a player once: 1 answered, but did not play.',
  ],
])('of %s it is said so', (_, beacons, sentence) => {
  expect(experienceSentence(experience(beacons))).toBe(sentence)
})
