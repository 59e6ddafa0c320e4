import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { growingTrack } from './growing-test-track.ts'
import { heldPlaylists } from './held-playlists.ts'

let folder: string
let track: ReturnType<typeof growingTrack>

beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'held-'))
  track = growingTrack(folder, 2)
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

test('nobody is kept waiting until his player gives up: before, the playlist is answered as it is', async () => {
  const answered = vi.fn()
  const asked = heldPlaylists()(track.live, 'v480', { msn: 7, part: 2 }).then(answered)
  await vi.advanceTimersByTimeAsync(1279)
  expect(answered).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2)
  await asked
  expect(answered).toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('a thousand who wait for the same are one who waits', async () => {
  const playlists = heldPlaylists()
  const asked = Array.from({ length: 1000 }, () => playlists(track.live, 'v480', { msn: 7, part: 2 }))
  expect(vi.getTimerCount()).toBe(1)
  track.grow()
  await Promise.all(asked)
  expect(vi.getTimerCount()).toBe(0)
})

test('who waits for something else waits on', async () => {
  const playlists = heldPlaylists()
  const answered = vi.fn()
  const next = playlists(track.live, 'v480', { msn: 7, part: 2 })
  const later = playlists(track.live, 'v480', { msn: 7, part: 3 }).then(answered)
  track.grow()
  await next
  expect(answered).not.toHaveBeenCalled()
  track.grow()
  await later
})
