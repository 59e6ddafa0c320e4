import { existsSync, readFileSync } from 'node:fs'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { afterAll, beforeAll, expect, onTestFailed, test as plainTest, vi } from 'vitest'
import { ownMounts } from '../../tests/setup/own-mounts.ts'
import { startTestNode } from './start-test-node.ts'

/** Nobody may mount here who is neither root nor may pretend to be: then there is nothing to fill. */
const test = plainTest.runIf(ownMounts)
/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
const TEST_MS = 120_000
/** Twice the listed ten seconds would take a megabyte and more. */
const LIVE_BYTES = 700_000
const WATCHED_MS = 25_000

let node: Awaited<ReturnType<typeof startTestNode>>

beforeAll(async () => {
  if (!ownMounts) return
  node = await startTestNode({ PLAYLIST_SIZE: '10' }, LIVE_BYTES)
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
}, TEST_MS)
afterAll(() => node?.stop(), TEST_MS)

test('when the memory for live media is full the oldest goes, and the stream plays on', {
  timeout: TEST_MS,
}, async () => {
  onTestFailed(() => console.error(node.log.join('\n')))
  node.publish('cam?key=secret')
  await vi.waitFor(async () => expect(await node.stream('cam')).toMatchObject({ state: 'live' }), WITHIN)
  const { session = '' } = (await node.stream('cam')).record ?? {}
  const playlists = ['v180', 'audio'].map((track) => node.ownLive('cam', session, `${track}.m3u8`))
  const begun = performance.now()
  const first = newestIn(playlists[0])
  while (performance.now() - begun < WATCHED_MS) {
    for (const playlist of playlists) expect(missingIn(playlist)).toEqual([])
    await sleep(20)
  }
  const seconds = (performance.now() - begun) / 1000
  expect(listedIn(playlists[0]).filter((uri) => /\/\d+-\d+\.m4s$/.test(uri)).length).toBeGreaterThan(2)
  expect(newestIn(playlists[0]) - first).toBeGreaterThan(seconds - 3)
  expect(await node.stream('cam')).toMatchObject({
    state: 'live',
    encoder: { failures: 0 },
    record: { run: 1 },
    problems: [
      { what: expect.stringMatching(/memory for live media is full: the oldest segments are dropped/) },
    ],
  })
  expect((await node.ask('GET', '/metrics')).body).toMatch(
    /streaming_segments_dropped_total{stream="cam",rendition="v180"} [1-9]/,
  )
  expect(node.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
})

/** What a playlist lists and is not there. A file that went meanwhile is no longer listed. */
function missingIn(playlist: string): string[] {
  const missing = listedIn(playlist).filter((uri) => !existsSync(playlist.replace(/[^/]+$/, uri)))
  const listed = missing.length ? new Set(listedIn(playlist)) : new Set()
  return missing.filter((uri) => listed.has(uri))
}

function listedIn(playlist = ''): string[] {
  const lines = readFileSync(playlist, 'utf8')
    .split('\n')
    .filter((line) => !/HINT|REPORT/.test(line))
  return lines.flatMap((line) =>
    line.startsWith('#') ? (/URI="([^"]+)"/.exec(line)?.[1] ?? []) : line || [],
  )
}

function newestIn(playlist = ''): number {
  return Math.max(...listedIn(playlist).map((uri) => Number(/-(\d+)(\.\d+)?\.m4s$/.exec(uri)?.[1] ?? 0)))
}
