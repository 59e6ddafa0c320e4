import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LiveTracks } from '../packager/live-playlists.ts'
import type { WindowSegment } from '../packager/track-window.ts'
import { liveRoutes } from './live-routes.ts'

const session = 'sabcdefghijkl'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-'))
  mkdirSync(join(folder, 'cam', session, 'v480'), { recursive: true })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

test('whoever asks for a part that is there is answered at once', async () => {
  const { get } = growingTrack(2)
  const response = await get('v480.m3u8?_HLS_msn=7&_HLS_part=1')
  expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
  expect(await response.text()).toBe('7 parts 2')
})

test('whoever asks for the next part is answered when it comes', async () => {
  const { get, grow } = growingTrack(2)
  const asked = get('v480.m3u8?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES')
  await Promise.resolve()
  grow()
  expect(await (await asked).text()).toBe('7 parts 3 skipped')
})

test('nobody is kept waiting until his player gives up: before, the playlist is answered as it is', async () => {
  vi.useFakeTimers()
  const { get } = growingTrack(2)
  const answered = vi.fn()
  const asked = get('v480.m3u8?_HLS_msn=7&_HLS_part=2').then(answered)
  await vi.advanceTimersByTimeAsync(1279)
  expect(answered).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2)
  await asked
  expect(answered).toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

test('once the session is over nobody waits', async () => {
  const { get, end } = growingTrack(2)
  const asked = get('v480.m3u8?_HLS_msn=7&_HLS_part=2')
  await Promise.resolve()
  end()
  expect((await asked).status).toBe(200)
})

test.each([
  ['what is too far ahead', 'v480.m3u8?_HLS_msn=9', 400],
  ['a part of no segment', 'v480.m3u8?_HLS_part=1', 400],
  ['a negative segment', 'v480.m3u8?_HLS_msn=-1', 400],
  ['a segment that is no number', 'v480.m3u8?_HLS_msn=7e1', 400],
  ['an unknown way to skip', 'v480.m3u8?_HLS_skip=NO', 400],
  ['a track that is not there', 'v999.m3u8?_HLS_msn=7', 404],
  ['a segment nobody expects', 'v480/1-99.m4s', 404],
  ['a segment that is gone', 'v480/1-2.m4s', 404],
  ['a path that is none', 'v480/..%2f1-7.m4s', 400],
])('%s is refused', async (_, path, status) => {
  expect((await growingTrack(2).get(path)).status).toBe(status)
})

test('a session that is not here is not found', async () => {
  const { app } = growingTrack(2)
  expect((await app.request(`/cam/szzzzzzzzzzzz/v480.m3u8?_HLS_msn=7`)).status).toBe(404)
})

test('a part that the playlist hinted at is answered when it is there', async () => {
  const { get, grow } = growingTrack(2)
  const asked = get('v480/1-7.2.m4s')
  await Promise.resolve()
  grow()
  expect(await (await asked).text()).toBe('part 2;')
})

test('a growing segment is sent part by part, and ends with its last one', async () => {
  const { get, grow, close } = growingTrack(2)
  const response = await get('v480/1-7.m4s')
  expect(response.headers.get('content-type')).toBe('video/iso.segment')
  const reader = response.body?.getReader()
  const next = async () => new TextDecoder().decode((await reader?.read())?.value)
  expect([await next(), await next()]).toEqual(['part 0;', 'part 1;'])
  const third = next()
  grow()
  expect(await third).toBe('part 2;')
  close()
  expect((await reader?.read())?.done).toBe(true)
})

test('a segment that closes while it is sent loses nothing, though its parts are gone', async () => {
  const { get, grow, close } = growingTrack(1)
  const response = await get('v480/1-7.m4s')
  const reader = response.body?.getReader()
  await reader?.read()
  grow()
  grow()
  close()
  rmSync(join(folder, 'cam', session, 'v480', '1-7.2.m4s'))
  let rest = ''
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
    rest += new TextDecoder().decode(read.value)
  expect(rest).toBe('part 1;part 2;')
})

test('the segment after the growing one is answered as soon as it begins', async () => {
  const { get, close, grow } = growingTrack(2)
  const asked = get('v480/1-8.m4s')
  await Promise.resolve()
  close()
  grow()
  const reader = (await asked).body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('part 0;')
})

/** A track in whose segment 7 so many parts are there. */
function growingTrack(parts: number) {
  let number = 7
  let count = 0
  let over = false
  let told = Promise.withResolvers<void>()
  const path = (file: string) => join(folder, 'cam', session, 'v480', file)
  const partNames = () => Array.from({ length: count }, (_, at) => `v480/1-${number}.${at}.m4s`)

  function change(task: () => void) {
    task()
    told.resolve()
    told = Promise.withResolvers<void>()
  }
  const grow = () =>
    change(() => {
      writeFileSync(path(`1-${number}.${count}.m4s`), `part ${count};`)
      count += 1
    })
  for (let at = 0; at < parts; at++) grow()

  const live: LiveTracks = {
    track: (id) =>
      id === 'v480'
        ? {
            place: { closed: number - 1, closedParts: 6, growingParts: count },
            partTarget: 1 / 3,
            targetDuration: 2,
            growing: count ? segment(number, partNames()) : undefined,
          }
        : undefined,
    playlist: (_, skip) => `${number} parts ${count}${skip ? ' skipped' : ''}`,
    more: () => told.promise,
    ended: () => over,
  }
  const app = new Hono()
  answerProblems(
    app,
    createLog('media', () => {}),
  )
  app.route(
    '/',
    liveRoutes({ liveOf: (_, id) => (id === session ? live : undefined), liveDirectory: folder }),
  )
  return {
    app,
    grow,
    get: async (file: string) => app.request(`/cam/${session}/${file}`),
    end: () =>
      change(() => {
        over = true
      }),
    close: () =>
      change(() => {
        writeFileSync(
          path(`1-${number}.m4s`),
          partNames()
            .map((_, at) => `part ${at};`)
            .join(''),
        )
        number += 1
        count = 0
      }),
  }
}

function segment(number: number, uris: string[]): WindowSegment {
  const at = '2026-01-01T00:00:00.000Z'
  const parts = uris.map((uri) => ({ uri, duration: 1 / 3, bytes: 7, independent: true }))
  const uri = `v480/1-${number}.m4s`
  return { number, run: 1, discontinuity: 0, start: 0, duration: 1, at, bytes: 7, uri, init: '', parts }
}
