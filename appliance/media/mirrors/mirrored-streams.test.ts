import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type FakeOrigin, startFakeOrigin } from './fake-origin.ts'
import { type MirroredStreams, mirroredStreams } from './mirrored-streams.ts'

const WITHIN = { timeout: 10_000, interval: 10 }
const session = 'saaaaaaaaaaaa'
let live: string
let open: (() => Promise<unknown> | unknown)[]
let own: Set<string>
let problems: string[]
let origin: FakeOrigin

beforeEach(async () => {
  live = mkdtempSync(join(tmpdir(), 'mirrors-'))
  ;[open, own, problems] = [[], new Set(), []]
  origin = await started()
})
afterEach(async () => {
  for (const close of open.toReversed()) await close()
  rmSync(live, { recursive: true })
})

test('what is ordered is copied byte for byte, and who waits for a part is woken', async () => {
  origin.advance(7)
  const mirrors = start()
  mirrors.take([origin.order])
  await isLive(mirrors)
  await isSame(
    origin,
    'index.m3u8',
    `${session}/v480.m3u8`,
    `${session}/audio.m3u8`,
    `${session}/record.json`,
  )
  for (const uri of listedIn('v480')) await isSame(origin, `${session}/${uri}`)
  expect(
    origin.asked.filter((url) => /v480\/1-\d+\.m4s/.test(url)),
    'segments are made of parts',
  ).toEqual([])
  const tracks = mirrors.liveOf('cam', session)
  expect(tracks?.track('v480')).toMatchObject({ place: { closed: 8, closedParts: 3, growingParts: 1 } })
  const more = tracks?.more()
  origin.advance()
  await more
  await vi.waitFor(() => expect(tracks?.track('audio')?.place.growingParts).toBe(2), WITHIN)
  await isSame(origin, `${session}/audio.m3u8`, `${session}/audio/1-9.1.m4s`)
  expect(tracks?.playlist('audio', false).plain).toEqual(origin.content(`${session}/audio.m3u8`))
  expect(mirrors.reports()).toMatchObject([
    { name: 'cam', state: 'live', role: 'mirror', record: { session, run: 1 }, audio: { id: 'audio' } },
  ])
  expect(problems).toEqual([])
})

test('what is over at the origin is over here, and is not looked for again', async () => {
  const mirrors = await running()
  origin.end()
  await vi.waitFor(() => expect(mirrors.find('cam')?.state()).toMatchObject({ name: 'ended' }), WITHIN)
  await isSame(origin, `${session}/v480.m3u8`)
  expect(mirrors.reports()).toMatchObject([{ state: 'ended' }])
  expect(existsSync(join(live, 'cam/index.m3u8'))).toBe(false)
})

test('a stream whose source left is closed to new viewers', async () => {
  const mirrors = await running()
  origin.shut()
  origin.advance(3)
  await vi.waitFor(() => expect(mirrors.reports()).toMatchObject([{ state: 'waiting' }]), WITHIN)
  expect(existsSync(join(live, 'cam/index.m3u8'))).toBe(false)
})

test('the same session is copied on from another address', async () => {
  const mirrors = await running()
  const other = await started()
  other.advance(7)
  mirrors.take([other.order])
  other.advance(2)
  await vi.waitFor(() => expect(mirrors.liveOf('cam', session)?.track('v480')?.place.closed).toBe(9), WITHIN)
  expect([mirrors.find('cam')?.from(), mirrors.find('cam')?.state().name]).toEqual([other.from, 'live'])
  await isSame(other, `${session}/v480.m3u8`)
})

test('the process after this one copies on, and fetches nothing twice', async () => {
  const before = await running()
  await before.suspend()
  expect(existsSync(join(live, 'cam/index.m3u8'))).toBe(false)
  const fetched = origin.asked.filter((url) => url.endsWith('.m4s')).length
  const mirrors = start()
  origin.advance(3)
  await vi.waitFor(() => expect(mirrors.liveOf('cam', session)?.track('v480')?.place.closed).toBe(9), WITHIN)
  await isLive(mirrors)
  await vi.waitFor(() => expect(existsSync(join(live, 'cam/index.m3u8'))).toBe(true), WITHIN)
  const again = origin.asked.filter((url) => url.endsWith('.m4s')).slice(fetched)
  expect(new Set(again).size).toBe(again.length)
  expect(again.filter((url) => !/1-(?:9\.[12]|10\.0)\.m4s$/.test(url))).toEqual([])
})

test('a copy that is ordered no more goes on for who watches, and is shown to nobody else', async () => {
  const mirrors = await running()
  mirrors.take([])
  expect(existsSync(join(live, 'cam/index.m3u8'))).toBe(false)
  expect(mirrors.reports()).toMatchObject([{ state: 'ended' }])
  origin.advance(2)
  await vi.waitFor(() => expect(mirrors.liveOf('cam', session)?.track('v480')?.place.closed).toBe(9), WITHIN)
  mirrors.take([origin.order])
  origin.advance(3)
  await vi.waitFor(() => expect(existsSync(join(live, 'cam/index.m3u8'))).toBe(true), WITHIN)
  expect(mirrors.reports()).toMatchObject([{ state: 'live' }])
})

test('a source of this node comes first, and that is said once', async () => {
  const mirrors = await running()
  own.add('cam')
  writeFileSync(join(live, 'cam/index.m3u8'), 'of our own session')
  mirrors.tick()
  mirrors.tick()
  origin.advance(3)
  await vi.waitFor(() => expect(mirrors.liveOf('cam', session)?.track('v480')?.place.closed).toBe(9), WITHIN)
  expect(readFileSync(join(live, 'cam/index.m3u8'), 'utf8')).toBe('of our own session')
  expect(mirrors.reports()).toMatchObject([{ state: 'ended' }])
  expect(problems).toEqual([expect.stringMatching(/^The control plane ordered a copy.*a source of its own/)])
  own.clear()
  mirrors.tick()
  expect(mirrors.reports()).toMatchObject([{ state: 'live' }])
})

test('the next session of a stream takes the place of the one before', async () => {
  const mirrors = await running()
  const later = await started({ session: 'sbbbbbbbbbbbb' })
  later.advance(7)
  mirrors.take([later.order])
  await vi.waitFor(() => expect(mirrors.find('cam')?.state()).toMatchObject({ name: 'live' }), WITHIN)
  await isSame(later, 'index.m3u8')
  expect(mirrors.liveOf('cam', session), 'who watches the old one still can').toBeDefined()
})

test('an origin that goes and comes back is said in words', async () => {
  const mirrors = await running()
  const port = Number(origin.from.split(':')[1])
  await origin.close()
  await vi.waitFor(
    () => expect(problems.at(-1)).toMatch(/^It is copied from .* which does not serve it now: .*shown on/),
    WITHIN,
  )
  expect(listedIn('v480').length).toBeGreaterThan(5)
  origin = await started({ port })
  origin.advance(10)
  await vi.waitFor(() => expect(problems.at(-1)).toMatch(/The copy went on after \d+ s\.$/), WITHIN)
  await vi.waitFor(() => expect(mirrors.liveOf('cam', session)?.track('v480')?.place.closed).toBe(9), WITHIN)
})

const evil = (from: RegExp, to: string) => (file: string) =>
  origin.content(file)?.toString().replace(from, to) ?? ''
test.each<[string, string, (response: ServerResponse) => void, RegExp]>([
  [
    'leads elsewhere',
    'index.m3u8',
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    /answered 302/,
  ],
  ['sends a page', 'index.m3u8', (response) => response.end('<html>'), /refused: it is no whole playlist/],
  ['sends without end', 'index.m3u8', (response) => response.end(Buffer.alloc(1 << 20)), /larger than/],
  ['packs a bomb', 'index.m3u8', bomb, /Cannot create a Buffer larger|larger than/],
  [
    'names files above',
    'v480.m3u8',
    (response) => response.end(evil(/v480\/1-7\.m4s/, '../../../x.m4s')(`${session}/v480.m3u8`)),
    /segment that is none/,
  ],
  [
    'names files elsewhere',
    'audio.m3u8',
    (response) => response.end(evil(/audio\/init/, 'http://x/init')(`${session}/audio.m3u8`)),
    /init file that is none/,
  ],
  ['serves no media', '1-8.1.m4s', (response) => response.end('MZ'), /no media/],
  [
    'serves half a part',
    '1-8.1.m4s',
    (response) => response.end(origin.content(`${session}/v480/1-8.1.m4s`)?.subarray(0, -1)),
    /no media/,
  ],
  [
    'serves another init file',
    '.mp4',
    (response) => response.end(Buffer.from('\0\0\0\x08ftyp\0\0\0\x08moov')),
    /no media/,
  ],
  [
    'tells of another session',
    'record.json',
    (response) => response.end('{"session":"sbbbbbbbbbbbb"}'),
    /another session/,
  ],
  ['fails', 'v480.m3u8', (response) => response.writeHead(500).end(), /answered 500/],
])('of an origin that %s nothing is shown', async (_, file, behaves, sentence) => {
  origin.advance(7)
  origin.manner.set(file, behaves)
  const mirrors = start()
  mirrors.take([origin.order])
  await vi.waitFor(() => expect(problems.join()).toMatch(sentence), WITHIN)
  expect([mirrors.find('cam')?.state().name, mirrors.reports()]).toEqual(['starting', []])
  expect(readdirSync(live)).toEqual(['cam'])
  expect(readdirSync(join(live, 'cam')).filter((entry) => /index|manifest/.test(entry))).toEqual([])
  origin.manner.clear()
  await isLive(mirrors)
})

function bomb(response: ServerResponse) {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(30 << 20)))
}

test.each([
  '169.254.169.254:80',
  '[fe80::1]:8084',
  '0.0.0.0:80',
  '999.1.1.1:80',
  '127.0.0.1:99999',
  '[::ffff:a9fe:a9fe]:80',
])('nothing is fetched from %s', (from) => {
  const mirrors = start()
  mirrors.take([{ ...origin.order, from }])
  expect([mirrors.list(), problems.length]).toEqual([[], 1])
})

async function started(options: Parameters<typeof startFakeOrigin>[0] = {}) {
  const node = await startFakeOrigin(options)
  open.push(node.close)
  return node
}

function start(): MirroredStreams {
  const mirrors = mirroredStreams({
    ...{ liveDirectory: live, staleMs: 60_000, isOwn: (name: string) => own.has(name), changed: () => {} },
    noted: (_, what) => problems.push(what),
    observe: { copied: () => {}, dropped: () => {}, cleaned: () => {} },
    log: createLog('media', () => {}),
  })
  open.push(mirrors.suspend)
  return mirrors
}

/** Two whole segments are there, and a part. */
async function running(): Promise<MirroredStreams> {
  origin.advance(7)
  const mirrors = start()
  mirrors.take([origin.order])
  await isLive(mirrors)
  return mirrors
}

const isLive = (mirrors: MirroredStreams) =>
  vi.waitFor(() => expect(mirrors.find('cam')?.state()).toMatchObject({ name: 'live' }), WITHIN)

const isSame = (node: FakeOrigin, ...files: string[]) =>
  vi.waitFor(() => {
    for (const file of files) expect(readFileSync(join(live, 'cam', file)), file).toEqual(node.content(file))
  }, WITHIN)

function listedIn(track: string): string[] {
  const text = readFileSync(join(live, 'cam', session, `${track}.m3u8`), 'utf8')
  return [...text.matchAll(/^(?:#EXT-X-(?:PART|MAP):.*URI="([^"]+)".*|([^#\n].*))$/gm)].map(
    ([, part, whole]) => part ?? whole ?? '',
  )
}
