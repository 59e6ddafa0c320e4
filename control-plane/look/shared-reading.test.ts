import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Reading, sharedReading } from './shared-reading.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function counting() {
  let count = 0
  let broken = false
  const reported: unknown[] = []
  const read = async () => {
    count += 1
    if (broken) throw new Error('away')
    return count
  }
  return {
    reading: sharedReading({ read, everyMs: 1000, report: (error) => reported.push(error) }),
    count: () => count,
    reported,
    breakIt(now: boolean) {
      broken = now
    },
  }
}

test('it reads once for all listeners, and only while there are any', async () => {
  const { reading, count } = counting()
  await vi.advanceTimersByTimeAsync(5000)
  expect(count()).toBe(0)

  const [one, other]: Reading<number>[][] = [[], []]
  const stopOne = reading.listen((value) => one?.push(value))
  const stopOther = reading.listen((value) => other?.push(value))
  await vi.advanceTimersByTimeAsync(2500)
  expect(count()).toBe(3)
  expect(one).toEqual([1, 2, 3].map((value) => ({ ok: true, value })))
  expect(other).toEqual(one)

  stopOne()
  await vi.advanceTimersByTimeAsync(1000)
  expect(count()).toBe(4)
  stopOther()
  await vi.advanceTimersByTimeAsync(5000)
  expect(count()).toBe(4)
})

test('who comes later gets the latest at once; who comes after a rest gets nothing old', async () => {
  const { reading } = counting()
  const stop = reading.listen(() => {})
  await vi.advanceTimersByTimeAsync(1500)
  const late: Reading<number>[] = []
  const stopLate = reading.listen((value) => late.push(value))
  expect(late).toEqual([{ ok: true, value: 2 }])
  stop()
  stopLate()

  const afterRest: Reading<number>[] = []
  reading.listen((value) => afterRest.push(value))
  expect(afterRest).toEqual([])
  await vi.advanceTimersByTimeAsync(0)
  expect(afterRest).toEqual([{ ok: true, value: 3 }])
})

test('a failure is told to the listeners each time and reported once', async () => {
  const { reading, reported, breakIt } = counting()
  const heard: Reading<number>[] = []
  breakIt(true)
  reading.listen((value) => heard.push(value))
  await vi.advanceTimersByTimeAsync(2500)
  expect(heard).toEqual([{ ok: false }, { ok: false }, { ok: false }])
  expect(reported).toHaveLength(1)

  breakIt(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(heard.at(-1)).toEqual({ ok: true, value: 4 })
  breakIt(true)
  await vi.advanceTimersByTimeAsync(1000)
  expect(reported).toHaveLength(2)
})

test('what is as before is told again only now and then, what has changed at once', async () => {
  let value = 'calm'
  const heard: string[] = []
  const reading = sharedReading({
    read: async () => value,
    everyMs: 1000,
    isSame: (one, other) => one === other,
    report: () => {},
  })
  reading.listen((told) => heard.push(told.ok ? told.value : 'away'))
  await vi.advanceTimersByTimeAsync(6500)
  expect(heard).toEqual(['calm'])
  await vi.advanceTimersByTimeAsync(1000)
  expect(heard).toEqual(['calm', 'calm'])
  value = 'storm'
  await vi.advanceTimersByTimeAsync(1000)
  expect(heard).toEqual(['calm', 'calm', 'storm'])
})

test('a reading that takes long is made less often, and after one that hung the next comes soon', async () => {
  let [count, longest] = [0, 200]
  const read = async () => {
    count += 1
    await new Promise((resolve) => setTimeout(resolve, longest))
  }
  sharedReading({ read, everyMs: 1000, report: () => {} }).listen(() => {})
  await vi.advanceTimersByTimeAsync(12_700) // each takes 0.2 s and rests for 4
  expect(count).toBe(4)
  longest = 60_000
  await vi.advanceTimersByTimeAsync(4200 + 60_000)
  longest = 200
  await vi.advanceTimersByTimeAsync(5300)
  expect(count).toBe(6)
})
