import { expect, test } from 'vitest'
import { limitsNow } from './limits-now.ts'

const sunday = { days: ['sun'], from: '02:00', minutes: 60, zone: 'UTC' }

test.each([
  ['nothing was asked for', {}, { duty: 'serving' }],
  ['a budget', { mostViewers: 0, mostBitsPerSecond: 5 }, { viewers: 0, bitsPerSecond: 5, duty: 'serving' }],
  ['draining', { duty: 'draining' }, { duty: 'draining' }],
  ['a window that is due', { duty: 'draining', maintenanceWindows: [sunday] }, { duty: 'maintenance' }],
  ['one that is not', { maintenanceWindows: [{ ...sunday, from: '04:00' }] }, { duty: 'serving' }],
  ['a setting of a later release', { duty: 'asleep', mostViewers: 3 }, { viewers: 3, duty: 'serving' }],
])('the limits of a node are known: %s', (_, settings, limits) => {
  expect(limitsNow(settings, new Date('2026-03-01T02:30:00Z'))).toEqual(limits)
})
