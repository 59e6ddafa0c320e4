import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { orderTrials } from './order-trials.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trials-'))
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

/** A process that takes up these orders, and who has been opened by it. The one before has died. */
function start(names: string[], path = join(folder, 'trials.json')) {
  vi.clearAllTimers()
  const opened: string[] = []
  const noted: string[] = []
  const ending = new AbortController()
  const trials = orderTrials({
    path,
    noted: (name, sentence) => void noted.push(`${name}: ${sentence}`),
    log: createLog('media', () => {}),
    trialMs: 1000,
    backoff: { firstMs: 10_000, longestMs: 10_000 },
  })
  for (const name of names)
    void trials
      .turn(name, ending.signal)
      .then(() => (ending.signal.aborted ? undefined : void opened.push(name)))
  return { opened, noted, ending }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('who was there when media died three times waits, and is then tried alone; who is innocent passes', async () => {
  const names = ['killer', 'good', 'better']
  for (let deaths = 0; deaths < 3; deaths += 1) {
    const { opened, noted } = start(names)
    await pass(500)
    expect(opened).toEqual(names)
    expect(noted).toEqual([])
  }
  const suspicious = start(names)
  await pass(4999)
  expect(suspicious.opened).toEqual([])
  expect(suspicious.noted[0]).toMatch(/^killer: Media has ended 3 times in a row soon after this source/)
  await pass(5001)
  expect(suspicious.opened.length).toBeGreaterThan(0)
  await pass(2000)
  expect(suspicious.opened).toHaveLength(3)
  await pass(1000)
  const after = start(names)
  await pass(1)
  expect(after.opened).toEqual(names)
})

test('of those who wait no two are on trial at the same time', async () => {
  for (let deaths = 0; deaths < 3; deaths += 1) {
    start(['a', 'b'])
    await pass(500)
  }
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const { opened } = start(['a', 'b'])
  await pass(7500)
  expect(opened).toEqual(['a'])
  await pass(999)
  expect(opened).toEqual(['a'])
  await pass(2)
  expect(opened).toEqual(['a', 'b'])
  random.mockRestore()
  const next = start(['a', 'b'])
  await pass(0)
  expect(next.opened).toEqual(['a']) // it has passed; the other was on trial alone when media died
  expect(next.noted[0]).toMatch(/^b: Media has ended 4 times/)
})

test('a process that is ended in order leaves nobody under suspicion', async () => {
  for (let ends = 0; ends < 5; ends += 1) {
    const { opened, ending } = start(['cam'])
    await pass(10)
    expect(opened).toEqual(['cam'])
    ending.abort()
    await pass(0)
  }
})

test('who was stopped while it waited is not tried, and keeps nobody waiting', async () => {
  for (let deaths = 0; deaths < 3; deaths += 1) {
    start(['cam'])
    await pass(10)
  }
  const { opened, ending } = start(['cam'])
  ending.abort()
  await pass(20_000)
  expect(opened).toEqual([])
  expect(start(['cam']).noted).toHaveLength(1)
})

test('where nothing can be kept everybody is opened all the same', async () => {
  writeFileSync(join(folder, 'file'), '')
  const { opened } = start(['cam'], join(folder, 'file', 'trials.json'))
  await pass(0)
  expect(opened).toEqual(['cam'])
})
