import { beforeEach, expect, test } from 'vitest'
import { freshDatabase, silentLog } from '../../tests/setup/fresh-database.ts'
import { gatherSamples } from './gather-samples.ts'
import { historyRepository } from './history-repository.ts'
import { partitionRepository } from './partition-repository.ts'
import { type Point, packPoints } from './points.ts'
import { readHistory } from './read-history.ts'
import { rollUp } from './roll-up.ts'

const db = await freshDatabase()
const [history, partitions] = [historyRepository(db), partitionRepository(db)]
const { signal } = new AbortController()
const NODE = 'a'.repeat(20)
const MIDNIGHT = 20_000 * 86_400
const at = (seconds: number) => new Date((MIDNIGHT + seconds) * 1000)
const cpu = (points: Point[]) => points.map(({ at: time, mean, most }) => [time - MIDNIGHT, mean[0], most[0]])

beforeEach(async () => {
  for (const table of ['metrics_raw', 'metrics_minutes', 'metrics_quarters', 'metrics_rolled'] as const)
    await db.deleteFrom(table).execute()
  await partitions.keepPartitions(at(0))
})

/** The minute's number as its mean, with a peak. */
async function measure(minutes: number[], nodeId = NODE) {
  const rows = minutes.map((minute) => {
    const startsAt = MIDNIGHT + minute * 60
    const points = [2, 7].map((second, index) => {
      const numbers = [minute * 10 + (index ? 5 : -5)]
      return { at: startsAt + second, mean: numbers, most: numbers }
    })
    return { minute: startsAt / 60, nodeId, packed: packPoints(points, startsAt) }
  })
  await history.appendRaw(rows)
}

test('an hour is rolled up once it is over, into a minute each with its mean and its most', async () => {
  await measure([57, 58, 59, 60, 61])
  expect(await rollUp({ history, signal }, at(3600 + 719))).toEqual({ hours: 0, days: 0 })
  expect(await rollUp({ history, signal }, at(3600 + 720))).toEqual({ hours: 1, days: 0 })
  expect(await rollUp({ history, signal }, at(3600 + 780))).toEqual({ hours: 0, days: 0 })
  await db
    .deleteFrom('metrics_raw')
    .where('minute', '<', MIDNIGHT / 60 + 60)
    .execute()
  const stretch = { from: MIDNIGHT, until: MIDNIGHT + 3 * 3600 }
  const { points } = await readHistory(history, NODE, stretch, at(3 * 3600))
  expect(cpu(points)).toEqual([
    [57 * 60, 570, 575],
    [58 * 60, 580, 585],
    [59 * 60, 590, 595],
    [60 * 60, 600, 605],
    [61 * 60, 610, 615],
  ])
})

test('a chart of a year goes on from quarters over minutes to what was measured just now', async () => {
  await measure([0, 1, 2, 20])
  await measure([0, 1], 'b'.repeat(20))
  await measure([24 * 60 + 3, 26 * 60 - 1])
  await measure([26 * 60 + 1])
  const now = at(86_400 + 2 * 3600 + 730)
  expect(await rollUp({ history, signal }, now)).toEqual({ hours: 26, days: 1 })
  const year = { from: now.getTime() / 1000 - 365 * 86_400, until: now.getTime() / 1000 }
  const { points, step } = await readHistory(history, NODE, year, now)
  expect(step).toBeGreaterThan(40_000)
  expect(points.at(-1)?.most[0]).toBe(26 * 600 + 15)
  const month = { from: MIDNIGHT, until: MIDNIGHT + 86_400 * 3 }
  const fine = await readHistory(history, NODE, month, now)
  expect(fine.step).toBe(900)
  expect(cpu(fine.points)).toEqual([
    [0, 10, 25],
    [900, 200, 205],
    [86_400, 14_430, 14_435],
    [86_400 + 6300, 15_590, 15_595],
    [86_400 + 7200, 15_610, 15_615],
  ])
})

test('of the future nothing is read, however far it is asked for', async () => {
  await measure([5])
  const asked: [string, number, number][] = []
  const watched = {
    rolledUpTo: history.rolledUpTo,
    read(...[table, nodeId, from, until]: Parameters<typeof history.read>) {
      asked.push([table, from, until])
      return history.read(table, nodeId, from, until)
    },
  }
  const years = { from: MIDNIGHT, until: MIDNIGHT + 700 * 86_400 }
  expect((await readHistory(watched, NODE, years, at(600))).points).toHaveLength(1)
  expect(asked).toEqual([['metrics_raw', MIDNIGHT, MIDNIGHT + 660]])
  const ahead = { from: MIDNIGHT + 86_400, until: MIDNIGHT + 700 * 86_400 }
  expect((await readHistory(watched, NODE, ahead, at(600))).points).toEqual([])
  expect(asked).toHaveLength(1)
})

test('what was not rolled up for days because nothing ran is caught up, and nothing stands in the way of it', async () => {
  await measure([0])
  await rollUp({ history, signal }, at(2 * 3600))
  await measure([30 * 60])
  expect(await rollUp({ history, signal }, at(40 * 3600))).toEqual({ hours: 38, days: 1 })
  expect(await history.rolledUpTo('hours')).toBe(MIDNIGHT / 3600 + 39)
})

test('what is said twice in a second counts once, what came while the database was away is written later', async () => {
  const seconds = { now: MIDNIGHT + 65 }
  let away = true
  const failing = {
    appendRaw: (rows: Parameters<typeof history.appendRaw>[0]) =>
      away ? Promise.reject(new Error('away')) : history.appendRaw(rows),
  }
  const reported: unknown[] = []
  const gatherer = gatherSamples({
    history: failing,
    log: silentLog,
    report: (error) => void reported.push(error),
    everyMs: 5,
    now: () => seconds.now * 1000,
  })
  const metrics = (percent: number) => ({
    measuredAt: '1970-01-01T00:00:00Z',
    uptimeSeconds: 1,
    cpu: { percent, cores: 4, load1: 0.5 },
    memory: { totalBytes: 2, usedBytes: 1 },
    ...{ storage: [], network: [], processes: [] },
  })
  gatherer.take(NODE, metrics(10))
  gatherer.take(NODE, metrics(99))
  seconds.now += 5
  gatherer.take(NODE, metrics(20))
  seconds.now += 60
  await expect.poll(() => reported.length).toBeGreaterThan(0)
  away = false
  await expect.poll(() => history.oldest('metrics_raw')).toBe(MIDNIGHT + 60)
  gatherer.take(NODE, metrics(30))
  await gatherer.stop()
  const stretch = { from: MIDNIGHT, until: MIDNIGHT + 600 }
  const { points } = await readHistory(history, NODE, stretch, at(200))
  expect(cpu(points).map(([, mean]) => mean)).toEqual([100, 200, 300])
})
