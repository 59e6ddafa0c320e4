import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { expect, test, vi } from 'vitest'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { hearFleet } from './hear-fleet.ts'
import type { HeardMetrics } from './metrics-repository.ts'

const measured: NodeMetrics = {
  measuredAt: '1970-01-01T00:00:00Z',
  uptimeSeconds: 1,
  cpu: { percent: 5, cores: 4, load1: 0.5 },
  memory: { totalBytes: 2, usedBytes: 1 },
  storage: [],
  network: [],
  processes: [],
}

const IDS = Array.from({ length: 1500 }, (_, at) =>
  at.toString(2).padStart(20, '0').replaceAll('0', 'a').replaceAll('1', 'b'),
)

const keepingIn = (saved: HeardMetrics[][]) => ({
  async saveLatest(heard: HeardMetrics[]) {
    saved.push(heard)
    return []
  },
})

test('what a large fleet measures is stored in parts that a database takes', async () => {
  const saved: HeardMetrics[][] = []
  const metrics = keepingIn(saved)
  const fleet = hearFleet({
    metrics,
    measured: () => {},
    seemsGone: () => {},
    log: silentLog,
    saveEveryMs: 5,
  })
  for (const id of IDS) fleet.hear(`fleet/${id}/metrics`, JSON.stringify(measured))
  await vi.waitFor(() => expect(saved.flat()).toHaveLength(1500))
  expect(Math.max(...saved.map((part) => part.length))).toBeLessThanOrEqual(400)
  await fleet.stop()
})

test('of what is large less goes into one statement', async () => {
  const saved: HeardMetrics[][] = []
  const metrics = keepingIn(saved)
  const fleet = hearFleet({
    metrics,
    measured: () => {},
    seemsGone: () => {},
    log: silentLog,
    saveEveryMs: 5,
  })
  const disk = { mount: `/${'x'.repeat(180)}`, usedBytes: 1, totalBytes: 2 }
  const large = JSON.stringify({ ...measured, storage: Array.from({ length: 50 }, () => disk) })
  for (const id of IDS) fleet.hear(`fleet/${id}/metrics`, large)
  await vi.waitFor(() => expect(saved.flat()).toHaveLength(1500))
  const characters = saved.map((part) => part.reduce((sum, { text }) => sum + text.length, 0))
  expect(Math.max(...characters)).toBeLessThan(5e6)
  expect(Math.max(...saved.map((part) => part.length))).toBeGreaterThan(50)
  await fleet.stop()
})

test('a node that says again and again that it leaves is looked for once', async () => {
  const gone: string[] = []
  const metrics = { saveLatest: async () => [] }
  const fleet = hearFleet({
    metrics,
    measured: () => {},
    seemsGone: (id) => gone.push(id),
    log: silentLog,
    saveEveryMs: 60_000,
  })
  const leaving = JSON.stringify({ state: 'offline' })
  for (let time = 0; time < 100; time++) fleet.hear(`fleet/${'a'.repeat(20)}/presence`, leaving)
  fleet.hear(`fleet/${'b'.repeat(20)}/presence`, leaving)
  expect(gone).toEqual(['a'.repeat(20), 'b'.repeat(20)])
  await fleet.stop()
})
