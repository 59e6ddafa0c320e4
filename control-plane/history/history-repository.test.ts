import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { historyRepository } from './history-repository.ts'
import { partitionRepository } from './partition-repository.ts'

const db = await freshDatabase()
const [history, partitions] = [historyRepository(db), partitionRepository(db)]
const [ONE, OTHER] = ['a'.repeat(20), 'b'.repeat(20)]
const NOON = 20_000 * 1440 + 720
const at = (minute: number) => new Date(minute * 60_000)

beforeAll(async () => {
  await partitions.keepPartitions(at(NOON))
})

const raw = (minute: number, nodeId: string, text: string) => ({ minute, nodeId, packed: gzipSync(text) })
const texts = (rows: { packed: Uint8Array }[]) => rows.map(({ packed }) => gunzipSync(packed).toString())

test('a minute that two processes wrote is one row that reads as both', async () => {
  await history.appendRaw([raw(NOON, ONE, 'first\n'), raw(NOON, OTHER, 'another\n')])
  await history.appendRaw([raw(NOON, ONE, 'second\n'), raw(NOON + 1, ONE, 'third\n')])
  const rows = await history.read('metrics_raw', ONE, NOON * 60, (NOON + 2) * 60)
  expect(texts(rows)).toEqual(['first\nsecond\n', 'third\n'])
  expect(rows.map(({ startsAt }) => startsAt)).toEqual([NOON * 60, (NOON + 1) * 60])
  expect(texts(await history.readMinute(NOON, [OTHER, OTHER]))).toEqual(['another\n'])
  expect(await history.listMeasured('metrics_raw', NOON * 60, (NOON + 1) * 60)).toEqual([ONE, OTHER])
})

test('what is rolled up twice stands there once, and how far that has come is remembered', async () => {
  const hour = NOON / 60
  const row = (text: string) => ({ nodeId: ONE, startsAt: hour * 3600, packed: gzipSync(text) })
  await history.saveRolled('metrics_minutes', [row('half')])
  await history.saveRolled('metrics_minutes', [row('whole')])
  expect(texts(await history.read('metrics_minutes', ONE, hour * 3600, hour * 3600 + 1))).toEqual(['whole'])
  expect(await history.rolledUpTo('hours')).toBeUndefined()
  await history.saveRolledUpTo('hours', hour + 1)
  await history.saveRolledUpTo('hours', hour + 2)
  expect(await history.rolledUpTo('hours')).toBe(hour + 2)
})

test('two days later the minutes are gone and the hours are not, and there is a place for new ones', async () => {
  await history.appendRaw([raw(NOON + 5, ONE, 'x')])
  const later = NOON + 3 * 1440
  const [dropped, other] = await Promise.all([
    partitions.keepPartitions(at(later)),
    partitions.keepPartitions(at(later)), // as another process does
  ])
  expect(dropped.metrics_raw + other.metrics_raw).toBeGreaterThan(0)
  expect(await history.oldest('metrics_raw')).toBeUndefined()
  expect(await history.oldest('metrics_minutes')).toBe(NOON * 60)
  await history.appendRaw([raw(later, ONE, 'y')])
  expect(await history.oldest('metrics_raw')).toBe(later * 60)
})

test('the database tells how large it is', async () => {
  const sizes = await partitions.sizes()
  expect(sizes.map(({ table }) => table).toSorted()).toEqual([
    'metrics_minutes',
    'metrics_quarters',
    'metrics_raw',
  ])
  expect(sizes.every(({ bytes }) => bytes > 0)).toBe(true)
})
