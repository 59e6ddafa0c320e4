import { expect, test, vi } from 'vitest'
import { nodeIdOf, SESSION, TRACKS } from './fake-copies.ts'
import { fleetSnapshot } from './fleet-snapshot.ts'
import type { KnownCopy } from './live-streams.ts'

const AWAY = new Error('connect ECONNREFUSED')

function newFleet() {
  const clock = { now: Date.parse('2026-01-01T12:00:00Z') }
  const reports: KnownCopy[] = []
  const database = { answers: async (): Promise<unknown> => undefined }
  const report = vi.fn()
  const listKnown = vi.fn(async () => {
    await database.answers()
    return [...reports]
  })
  const listNames = async () => ['golive', 'quiet']
  const fleet = fleetSnapshot({ copies: { listKnown, listNames }, report, now: () => new Date(clock.now) })
  return {
    fleet,
    clock,
    database,
    reported: report,
    reads: () => listKnown.mock.calls.length,
    /** A node reports, as every two seconds; it is believed for seven. */
    hear(letter: string, streamName = 'golive') {
      const at = reports.findIndex(({ node }) => node.id === nodeIdOf(letter))
      if (at >= 0) reports.splice(at, 1)
      reports.push(known(letter, streamName, new Date(clock.now + 7000)))
    },
    async live() {
      const { streams } = await fleet.present()
      return [...streams.keys()].sort()
    },
  }
}

const known = (letter: string, streamName: string, livesUntil: Date): KnownCopy => ({
  streamName,
  state: 'live',
  manifest: 'index.m3u8',
  session: SESSION,
  since: new Date(0),
  stateSince: new Date(0),
  livesUntil,
  node: { id: nodeIdOf(letter), name: letter, revoked: false },
  tracks: () => TRACKS,
})

test('all who ask within a second are answered by one reading; nobody asks, nothing is read', async () => {
  const { fleet, clock, reads, hear } = newFleet()
  hear('a')
  expect(reads()).toBe(0)
  const both = await Promise.all([fleet.present(), fleet.present()])
  clock.now += 999
  expect(await fleet.present()).toBe(both[0])
  expect([both[0].streams.has('golive'), both[0].names.has('quiet')]).toEqual([true, true])
  expect(reads()).toBe(1)
})

test('after a second it is read anew behind the back of who asks, after two he waits for it', async () => {
  const { fleet, clock, reads } = newFleet()
  const first = await fleet.present()
  clock.now += 1500
  expect(await fleet.present()).toBe(first)
  await settled()
  const second = await fleet.present()
  expect(second).not.toBe(first)
  clock.now += 2000
  expect(await fleet.present()).not.toBe(second)
  expect(reads()).toBe(3)
})

test('while the database is away the last reading holds for 30 seconds, and for who plays as long as need be', async () => {
  const { fleet, clock, database, hear, live, reads, reported } = newFleet()
  hear('a')
  await live()
  database.answers = () => Promise.reject(AWAY)
  clock.now += 2000
  expect(await live()).toEqual(['golive'])
  clock.now += 27_999
  expect(await live()).toEqual(['golive'])
  await settled()
  clock.now += 1
  await expect(live()).rejects.toMatchObject({ code: 'unavailable' })
  expect((await fleet.lastKnown())?.streams.has('golive')).toBe(true)
  expect(reported).toHaveBeenCalledExactlyOnceWith(AWAY)
  const before = reads()
  await Promise.all(Array.from({ length: 50 }, () => fleet.lastKnown()))
  expect(reads() - before, 'it is not stormed').toBeLessThanOrEqual(1)
})

test('a database that does not answer is not waited for by who has an older answer for long', async () => {
  const { clock, database, hear, live } = newFleet()
  hear('a')
  await live()
  database.answers = () => new Promise(() => {})
  clock.now += 5000
  expect(await live()).toEqual(['golive'])
})

test('who has nothing else waits longer for a database that is slow', async () => {
  const { database, hear, live } = newFleet()
  hear('a')
  const slow = Promise.withResolvers<void>()
  database.answers = () => slow.promise
  setTimeout(slow.resolve, 1200)
  expect(await live()).toEqual(['golive'])
})

test('without any reading there is no answer', async () => {
  const { fleet, database } = newFleet()
  database.answers = () => Promise.reject(AWAY)
  await expect(fleet.present()).rejects.toMatchObject({ code: 'unavailable' })
  expect(await fleet.lastKnown()).toBeUndefined()
})

test('who was heard when the control plane went away is believed for 30 seconds after it is back', async () => {
  const { clock, hear, live } = newFleet()
  hear('c', 'silent')
  clock.now += 30_000
  hear('a', 'golive')
  hear('b', 'other')
  clock.now += 120_000 // it was away
  expect(await live(), 'who was silent before is not').toEqual(['golive', 'other'])
  clock.now += 20_000
  hear('a', 'golive')
  await live()
  clock.now += 2000
  expect(await live()).toEqual(['golive', 'other'])
  clock.now += 8000
  await live()
  hear('a', 'golive')
  clock.now += 2000
  expect(await live(), 'it has had its time').toEqual(['golive'])
})

test('the same after the database was away', async () => {
  const { clock, database, hear, live } = newFleet()
  hear('a')
  await live()
  database.answers = () => Promise.reject(AWAY)
  clock.now += 20_000
  await live()
  await settled()
  database.answers = async () => undefined
  clock.now += 2000
  await live()
  await settled()
  expect(await live()).toEqual(['golive'])
})

test('who falls silent while we listen is lost at once', async () => {
  const { clock, hear, live } = newFleet()
  hear('a', 'golive')
  hear('b', 'other')
  expect(await live()).toEqual(['golive', 'other'])
  clock.now += 31_000
  hear('a', 'golive')
  hear('b', 'other')
  expect(await live()).toEqual(['golive', 'other'])
  clock.now += 6000
  hear('a', 'golive')
  clock.now += 2000
  expect(await live()).toEqual(['golive'])
})

/** What was begun behind somebody's back is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
