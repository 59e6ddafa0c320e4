import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followAccessLog } from './follow-access-log.ts'

const ADDRESS = '203.0.113.7'
const request = { stream: 'demo', kind: 'part', status: 200, bytes: 5, seconds: 0, upstream: '' }
const line = `${JSON.stringify({ ...request, viewer: `${ADDRESS}  VLC` })}\n`

let folder: string
let path: string
let ending: AbortController
let heard: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'viewers-'))
  path = join(folder, 'viewers.log')
  ending = new AbortController()
  heard = 0
  vi.useFakeTimers()
})
afterEach(() => {
  ending.abort()
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

function follow() {
  const log = createLog('media', (said) => expect.unreachable(said))
  followAccessLog({ path, heard: () => (heard += 1), signal: ending.signal, log })
}

test('addresses of viewers stand in the log for ten seconds at most', async () => {
  follow()
  for (const seconds of [0.5, 3, 14, 25]) {
    appendFileSync(path, line)
    await vi.advanceTimersByTimeAsync(seconds * 1000)
  }
  expect(heard).toBe(4)
  expect(readFileSync(path, 'utf8')).not.toContain(ADDRESS)
  appendFileSync(path, line)
  await vi.advanceTimersByTimeAsync(10_250)
  expect([heard, statSync(path).size]).toEqual([5, 0])
})

test('no more is cut than need be: what nginx writes meanwhile would be lost', async () => {
  follow()
  appendFileSync(path, line)
  await vi.advanceTimersByTimeAsync(9000)
  expect([heard, readFileSync(path, 'utf8')]).toEqual([1, line])
})

test('the log is for its owner alone, whoever made it, and is left empty', () => {
  writeFileSync(path, line, { mode: 0o644 })
  follow()
  expect([statSync(path).mode & 0o777, statSync(path).size]).toEqual([0o600, 0])
  appendFileSync(path, line)
  ending.abort()
  expect(statSync(path).size).toBe(0)
})
