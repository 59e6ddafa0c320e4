import { expect, test } from 'vitest'
import { rungFor, type Source } from './ladder-plan.ts'
import { mayCopy, type SourceHabits } from './source-habits.ts'

const source: Source = { width: 1280, height: 720, frameRate: 30, audio: true }
const rung = rungFor('v720', source)
const good: SourceHabits = {
  ...{ width: 1280, height: 720, frameRate: 30, audio: true },
  ...{ codecs: 'avc1.64001f', keyFrameEvery: 60, bitsPerSecond: 2_500_000, steadySeconds: 10 },
}

test.each<[string, Partial<SourceHabits>]>([
  ['has kept to its habits for ten seconds', {}],
  ['has a key frame a second', { keyFrameEvery: 30 }],
  ['has nothing but key frames', { keyFrameEvery: 1 }],
  ['is of the plainest kind', { codecs: 'avc1.42C01F' }],
  ['is of the middle kind', { codecs: 'avc1.4d401f' }],
  ['sends half as much again as its rung would get', { bitsPerSecond: 3_750_000 }],
  [
    'failed once and has proved itself since',
    { flaw: 'a frame of the source is missing', steadySeconds: 600 },
  ],
])('a source that %s is copied', (_, habits) => {
  expect(mayCopy({ ...good, ...habits }, { source, rung, segmentSeconds: 2 })).toBe(true)
})

test.each<[string, Partial<SourceHabits>]>([
  ['has only begun', { steadySeconds: 9.9 }],
  ['has key frames that miss the segments', { keyFrameEvery: 51 }],
  ['has key frames that are farther apart than segments', { keyFrameEvery: 120 }],
  ['has ten bits a colour', { codecs: 'avc1.6e001f' }],
  ['has all its colours', { codecs: 'avc1.f4001f' }],
  ['is no H.264', { codecs: 'hvc1.1.6.L93.B0' }],
  ['sends much more than its rung promises', { bitsPerSecond: 3_800_000 }],
  ['failed a minute ago', { flaw: 'a frame of the source is missing', steadySeconds: 60 }],
  ['was smaller', { width: 854, height: 480 }],
  ['was slower', { frameRate: 25 }],
  ['was silent', { audio: false }],
])('a source that %s is encoded', (_, habits) => {
  expect(mayCopy({ ...good, ...habits }, { source, rung, segmentSeconds: 2 })).toBe(false)
})

test('a source of which nothing is known is encoded, and one that is larger than its best rung', () => {
  expect(mayCopy(undefined, { source, rung, segmentSeconds: 2 })).toBe(false)
  expect(mayCopy(good, { source, rung: rungFor('v480', source), segmentSeconds: 2 })).toBe(false)
})
