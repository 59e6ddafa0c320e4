import { expect, test } from 'vitest'
import { nodeHealth } from './node-health.ts'

const at = new Date('2026-11-20T12:00:00Z')
const measured = (more: object = {}) =>
  JSON.stringify({ measuredAt: '2026-11-20T11:59:58.000Z', storage: [], ...more })
const GB = 2 ** 30

test('a release that tells of its power and its clock is understood, and one that does not is too', () => {
  expect(nodeHealth(measured(), at)).toEqual({ at, disks: [], clockOffSeconds: 2 })
  const power = { undervoltage: true, throttled: false, frequencyCapped: false }
  const told = measured({ temperatureCelsius: 61.5, power, clock: { offsetMs: -40_000 } })
  expect(nodeHealth(told, at)).toEqual({
    ...{ at, disks: [], celsius: 61.5, undervoltage: true, clockOffSeconds: -40 },
  })
})

test('what is told in another form is not told, and the rest is', () => {
  const odd = measured({ power: 'weak', clock: 7, temperatureCelsius: 'hot' })
  expect(nodeHealth(odd, at)).toEqual({ at, disks: [], clockOffSeconds: 2 })
  expect(nodeHealth('{', at)).toBeUndefined()
  expect(nodeHealth('{}', at)).toBeUndefined()
})

test('the partition that a board boots from is no place for video', () => {
  const disk = (mount: string, totalBytes: number) => ({ mount, totalBytes, usedBytes: 1, writtenBytes: 9 })
  const told = measured({ storage: [disk('/', 30 * GB), disk('/boot/firmware', GB / 2)] })
  expect(nodeHealth(told, at)?.disks).toEqual([{ mount: '/', totalBytes: 30 * GB, usedBytes: 1 }])
})

test('of several memories the most worn counts, however small it is', () => {
  const disk = (wornPercent?: number) => ({ mount: '/', totalBytes: GB / 2, usedBytes: 1, wornPercent })
  expect(nodeHealth(measured({ storage: [disk(20), disk(70), disk()] }), at)?.wornPercent).toBe(70)
  expect(nodeHealth(measured({ storage: [disk()] }), at)).not.toHaveProperty('wornPercent')
})
