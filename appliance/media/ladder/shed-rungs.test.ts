import { expect, test } from 'vitest'
import { shedRungs } from './shed-rungs.ts'

const BEHIND = { speed: 0.5, backlog: true }
const IDS = ['v1080', 'v720', 'v360']

test('what is shed, why, and what its viewers see instead is said; and that it is back', () => {
  const node = start()
  node.read(BEHIND, 14)
  node.read({ speed: 1, backlog: false }, 70)
  expect(node.notes).toEqual([
    expect.stringMatching(
      /^1080p is not encoded: this node cannot do it in real time beside what else it does\. Viewers of 1080p see 720p\.$/,
    ),
    '1080p is encoded again, on trial.',
  ])
  expect(node.changes).toBe(2)
})

test('where several are shed, all their viewers are told of', () => {
  const node = start()
  node.read(BEHIND, 28)
  expect(node.notes[1]).toMatch(/^720p is not encoded: .* Viewers of 1080p, 720p see 360p\.$/)
})

test('a machine that says why it is slow is believed', () => {
  const node = start(() => 'its processor is slowed down at 85 °C')
  node.read(BEHIND, 14)
  expect(node.notes[0]).toMatch(/in real time because its processor is slowed down at 85 °C\. Viewers/)
})

test('a publisher that returns begins with what was shed, and is given time to settle', () => {
  const node = start()
  node.read(BEHIND, 14)
  node.shedding.began()
  node.read(BEHIND, 8)
  expect([node.shedding.count(), node.changes]).toEqual([1, 1])
})

test('what is copied is shed as far as it costs, and is the first to go when it is encoded again', () => {
  const node = start()
  node.read(BEHIND, 14)
  expect(node.shedding.count()).toBe(1)
  node.shedding.copies(true)
  expect(node.shedding.count()).toBe(0)
  node.read(BEHIND, 14)
  node.shedding.copies(true)
  expect(node.shedding.count()).toBe(1)
  node.shedding.copies(false)
  expect(node.shedding.count()).toBe(2)
})

test('a rung that could be copied is not shed', () => {
  const node = start()
  node.read(BEHIND, 14, () => 'v1080')
  node.shedding.copies(true)
  expect([node.shedding.count(), node.changes]).toEqual([0, 1])
  expect(node.notes).toEqual([
    expect.stringMatching(/^1080p is shown as its source sends it: this node cannot encode it/),
  ])
})

function start(throttled?: () => string | undefined) {
  let now = 0
  let changes = 0
  const notes: string[] = []
  const shedding = shedRungs({ noted: (sentence) => notes.push(sentence), throttled, now: () => now })
  return {
    notes,
    shedding,
    get changes() {
      return changes
    },
    read(reading: typeof BEHIND, seconds: number, copyable?: () => string) {
      for (let second = 0; second < seconds; second++) {
        now += 1000
        if (shedding.read(reading, IDS, copyable)) changes++
      }
    },
  }
}
