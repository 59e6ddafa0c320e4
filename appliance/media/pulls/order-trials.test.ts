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

const TRIAL_MS = 1000
const WAIT_MS = 10_000

/** A process that takes up these orders, and who has been opened by it. The one before has died. */
function start(names: string[], { path = join(folder, 'trials.json'), away = [] as string[] } = {}) {
  vi.clearAllTimers()
  const opened: string[] = []
  const said = new Map<string, string>()
  const ending = new AbortController()
  const trialOf = orderTrials({
    path,
    noted: (name, sentence) => void said.set(name, sentence),
    log: createLog('media', () => {}),
    trialMs: TRIAL_MS,
    backoff: { firstMs: WAIT_MS, longestMs: 100_000 },
  })
  const trials = new Map(names.map((name) => [name, trialOf(name, ending.signal)]))
  async function look(name: string) {
    return trials.get(name)?.(async () => {
      opened.push(name)
      return away.includes(name) ? { why: 'away' } : { found: name }
    })
  }
  for (const name of names) void look(name)
  return { opened, said, ending, look }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** Media dies three times while these are opened. */
async function suspect(names: string[]) {
  for (let deaths = 0; deaths < 3; deaths += 1) {
    const { opened, said } = start(names)
    await pass(TRIAL_MS / 2)
    expect(opened).toEqual(names)
    expect(said.size).toBe(0)
  }
}

const cameras = (count: number) => Array.from({ length: count }, (_, at) => `cam-${at}`)

test('who was there when media died three times waits; a hundred who are innocent pass in two trials', async () => {
  const names = cameras(100)
  await suspect(names)
  const { opened, said } = start(names)
  await pass(WAIT_MS - 1)
  expect(opened).toEqual([])
  expect(said.get('cam-99')).toBe(
    'Media has ended 3 times in a row soon after this source was opened, maybe for another reason: it is opened again in 10 s at the earliest.',
  )
  await pass(1)
  expect(opened).toEqual(names.slice(0, 50))
  expect(said.get('cam-99')).toMatch(/is opened again when 50 others have been tried before it\.$/)
  await pass(TRIAL_MS)
  expect(opened).toEqual(names)
  await pass(TRIAL_MS)
  const after = start(names)
  await pass(1)
  expect([after.opened, after.said.size]).toEqual([names, 0])
})

test('each death halves those who may be to blame, until one is tried alone', async () => {
  const names = cameras(8)
  await suspect(names)
  const tried: string[][] = []
  for (let round = 0; round < 10; round += 1) {
    const { opened } = start(names)
    let seen = 0
    // Media dies as soon as cam-5 is opened, if that does not take an hour.
    for (let ms = 0; ms < 200_000 && !opened.includes('cam-5'); ms += 100) {
      seen = opened.length
      await pass(100)
    }
    tried.push(opened.slice(seen))
  }
  expect(tried.slice(0, 4)).toEqual([
    ['cam-4', 'cam-5', 'cam-6', 'cam-7'],
    ['cam-4', 'cam-5'],
    ['cam-5'],
    ['cam-5'],
  ])
  const { opened, said } = start(names)
  await pass(TRIAL_MS)
  expect(opened).toEqual(names.filter((name) => name !== 'cam-5'))
  expect(said.get('cam-5')).toMatch(/^Media has ended 13 times .* in 100 s at the earliest\.$/)
})

test('of two who wait one is tried after the other, and the second is told so', async () => {
  await suspect(['a', 'b'])
  const { opened, said } = start(['a', 'b'])
  await pass(WAIT_MS + TRIAL_MS - 1)
  expect(opened).toEqual(['a'])
  expect(said.get('b')).toMatch(/when another has been tried before it\.$/)
  await pass(1)
  expect(opened).toEqual(['a', 'b'])
})

test('who turns out to be away keeps nobody waiting, and is on trial again when it is looked for again', async () => {
  await suspect(['a', 'b'])
  const first = start(['a', 'b'], { away: ['a'] })
  await pass(WAIT_MS)
  expect(first.opened).toEqual(['a', 'b'])
  await pass(TRIAL_MS)
  void first.look('a')
  await pass(1)
  expect(first.opened).toEqual(['a', 'b', 'a'])
  const next = start(['a', 'b'])
  await pass(0)
  expect(next.opened).toEqual(['b'])
  expect(next.said.get('a')).toMatch(/ended 3 times/)
})

test('who has passed, or is on trial, is looked at whenever it asks', async () => {
  const { opened, look } = start(['cam'])
  await pass(TRIAL_MS / 2)
  expect(await look('cam')).toEqual({ found: 'cam' })
  await pass(TRIAL_MS)
  expect(await look('cam')).toEqual({ found: 'cam' })
  expect(opened).toHaveLength(3)
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
  await suspect(['cam'])
  const { opened, ending } = start(['cam'])
  ending.abort()
  await pass(20_000)
  expect(opened).toEqual([])
  expect(start(['cam']).said.size).toBe(1)
})

test('where nothing can be kept everybody is opened all the same', async () => {
  writeFileSync(join(folder, 'file'), '')
  const { opened } = start(['cam'], { path: join(folder, 'file', 'trials.json') })
  await pass(0)
  expect(opened).toEqual(['cam'])
})
