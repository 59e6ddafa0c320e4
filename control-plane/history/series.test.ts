import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { expect, test } from 'vitest'
import { SERIES_NAMES, wholeNumbers } from './series.ts'

const metrics: NodeMetrics = {
  measuredAt: '2026-01-01T00:00:00Z',
  uptimeSeconds: 1,
  cpu: { percent: 12.34, cores: 4, load1: 0.5 },
  memory: { totalBytes: 4, usedBytes: 1 },
  storage: [
    { mount: '/', totalBytes: 100, usedBytes: 20, writtenBytesPerSecond: 1500 },
    { mount: '/srv', totalBytes: 100, usedBytes: 90 },
    { mount: '/none', totalBytes: 0, usedBytes: 0 },
  ],
  network: [
    { interface: 'lo', receivedBytesPerSecond: 1e6, sentBytesPerSecond: 1e6 },
    { interface: 'eth0', receivedBytesPerSecond: 125_000, sentBytesPerSecond: 250_000 },
  ],
  temperatureCelsius: -3.5,
  power: { undervoltage: false, throttled: false, frequencyCapped: true },
  processes: [{ name: 'ffmpeg', pid: 1, cpuPercent: 200, memoryBytes: 2 ** 29 }],
}
const kept = (of: NodeMetrics, wanted?: Parameters<typeof wholeNumbers>[1]) =>
  Object.fromEntries(wholeNumbers(of, wanted).map((value, at) => [SERIES_NAMES[at], value]))

test('of a measurement whole numbers are kept, the fullest disk, and no talk of a node with itself', () => {
  expect(kept(metrics)).toEqual({
    ...{ cpu: 123, memory: 250, storage: 900, received: 1000, sent: 2000, temperature: -35 },
    ...{ undervoltage: 0, throttled: 100, workers: 10, 'own-cpu': 500, 'own-memory': 500, written: 15 },
    ...{ streams: undefined, viewers: undefined },
  })
})

test('only what is wanted is kept', () => {
  expect(Object.values(kept(metrics, new Set(['cpu']))).filter((value) => value !== undefined)).toEqual([123])
})

test('what no machine has is not kept', () => {
  const rogue = { ...metrics, memory: { totalBytes: 5e-324, usedBytes: 1e308 }, temperatureCelsius: 1e300 }
  expect(kept(rogue)).toMatchObject({ memory: undefined, temperature: undefined, cpu: 123 })
})
