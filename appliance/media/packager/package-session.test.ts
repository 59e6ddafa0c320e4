import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { encodeSample } from '../encoder/encode-test-sample.ts'
import { planEncoder } from '../encoder/encoder-plan.ts'
import { packageSession, type RunPlan, type SessionMemory } from './package-session.ts'

const [SECONDS, TURNS] = [9, 9 * 25]
const session = 'sabcdefghijkl'
const source = { width: 320, height: 180, frameRate: 25, audio: true }
const plan = planEncoder({ source, ladder: ['v180', 'v90'], segmentSeconds: 2, partMs: 333 })
const newborn: SessionMemory = { session, record: undefined, records: [], resumeAfter: undefined, tracks: [] }
let written: Buffer[]
let folder: string

beforeAll(async () => {
  written = (await encodeSample(plan, SECONDS)).slice(0, plan.tracks.length)
}, 60_000)
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') })
  folder = mkdtempSync(join(tmpdir(), 'session-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

test('every file that a playlist names is there at every step, and the run’s record too', () => {
  const { packager } = open()
  let steps = 0
  play(packager, plan, () => {
    for (const uri of namedIn('v180', 'v90', 'audio')) expect(existsSync(inSession(uri)), uri).toBe(true)
    steps += 1
  })
  expect(steps).toBeGreaterThan(20)
  expect(namedIn('v180').filter((uri) => /\.\d+\.m4s/.test(uri)).length).toBeGreaterThan(15)
  expect(JSON.parse(readFileSync(inSession('record.json'), 'utf8'))).toEqual(packager.memory().record)
})

test('a segment is its parts, one after the other', () => {
  const { packager } = open()
  play(packager, plan)
  const parts = namedIn('v180').filter((uri) => /-2\.\d+\.m4s$/.test(uri))
  expect(parts).toHaveLength(6)
  const whole = readFileSync(inSession('v180/1-2.m4s'))
  expect(whole.equals(Buffer.concat(parts.map((uri) => readFileSync(inSession(uri)))))).toBe(true)
})

test('what the playlist hints at is what the next part is called', () => {
  const { packager } = open()
  let hinted: string | undefined
  play(packager, plan, () => {
    const text = playlist('audio')
    if (hinted) expect(text).toContain(`URI="${hinted}"`)
    hinted = /HINT:TYPE=PART,URI="([^"]+)"/.exec(text)?.[1]
    expect(hinted).toBeDefined()
  })
})

test('what an encoder had begun when it died is a shorter segment, and nothing is promised after it', () => {
  const { packager } = open()
  play(packager, plan, undefined, 0.75).finish()
  const text = playlist('v180')
  expect(text).toMatch(/#EXTINF:[01]\.\d+,\nv180\/1-\d+\.m4s\n#EXT-X-RENDITION/)
  expect(text).not.toContain('HINT')
  expect(packager.memory().tracks.every(({ growing }) => growing === undefined)).toBe(true)
})

test('a process that dies in the middle of a segment leaves what the next one goes on with', () => {
  const first = open()
  play(first.packager, plan, undefined, 0.75)
  const left = structuredClone(first.kept() ?? newborn)
  expect(left.tracks[0]?.growing?.parts.length).toBeGreaterThan(0)
  const number = left.tracks[0]?.growing?.number ?? 0
  const before = playlist('v180')

  const { packager } = open(left)
  play(packager, plan)
  const text = playlist('v180')
  const parts = before
    .split('\n')
    .filter((line) => line.startsWith('#EXT-X-PART') && line.includes(`1-${number}.`))
  expect(parts.length).toBeGreaterThan(0)
  expect(text).toMatch(
    new RegExp(`v180/1-${number}\\.m4s\n#EXT-X-DISCONTINUITY[\\s\\S]*v180/2-${number + 1}`),
  )
})

test('a growing segment whose parts were lost with the memory is forgotten in all tracks', () => {
  const first = open()
  play(first.packager, plan, undefined, 0.75)
  const left = structuredClone(first.kept() ?? newborn)
  rmSync(inSession(left.tracks[1]?.growing?.parts[0]?.uri ?? ''))
  const { packager } = open(left)
  const ends = packager.memory().tracks.map(({ segments }) => segments.at(-1)?.number)
  expect(ends).toEqual(Array(3).fill((left.tracks[0]?.growing?.number ?? 0) - 1))
})

test('a rendition that is not encoded shows the bytes of the one that stands in, under its own name', () => {
  const { packager } = open()
  play(packager, plan).finish()
  const shed: typeof plan = { ...plan, tracks: plan.tracks.slice(1), standIns: { v180: 'v90' } }
  play(packager, shed, undefined, 1, written.slice(1))
  const last =
    namedIn('v180')
      .filter((uri) => /\/2-\d+\.m4s$/.test(uri))
      .at(-1) ?? ''
  const own = readFileSync(inSession(last))
  expect(own.equals(readFileSync(inSession(last.replace('v180', 'v90'))))).toBe(true)
  expect(playlist('v180')).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="v180/init-')
  const shown = readFileSync(join(folder, 'manifest.mpd'), 'utf8').matchAll(/id="v180" .* width="(\d+)"/g)
  expect(
    [...shown].map(([, width]) => width),
    'each Period tells what its own run shows',
  ).toEqual(['320', '160'])
  expect(packager.renditions().map(({ id, height }) => [id, height])).toEqual([
    ['v180', 180],
    ['v90', 90],
  ])
  expect(namedIn('v180').every((uri) => uri.startsWith('v180/'))).toBe(true)
})

test('files that nobody can ask for any more are removed, and segments are counted', () => {
  const { packager, cleaned } = open(newborn, 3)
  for (let run = 0; run < 4; run++) play(packager, plan).finish()
  const named = new Set(namedIn('v180'))
  const present = readdirSync(inSession('v180')).filter((file) => /^\d+-\d+\.m4s$/.test(file))
  expect(present.length).toBeLessThan(12)
  expect([...named].every((uri) => existsSync(inSession(uri)))).toBe(true)
  const made = 3 * (1 + (packager.memory().tracks[0]?.segments.at(-1)?.number ?? 0))
  expect(cleaned()).toBe(made - 3 * present.length)
  packager.remove()
  expect(cleaned()).toBe(made)
})

test('the DASH manifest has a Period for each run, from its second segment on, and is static once the session is over', () => {
  const { packager } = open()
  play(packager, plan).finish()
  const waiting = readFileSync(join(folder, 'manifest.mpd'), 'utf8')
  expect(waiting, 'nothing more is promised of a run that is over').toMatch(/<Period id="1" [^>]* duration=/)
  vi.advanceTimersByTime(5000)
  play(packager, plan)
  const live = readFileSync(join(folder, 'manifest.mpd'), 'utf8')
  expect(live.match(/<Period [^>]*>/g)).toEqual([
    expect.stringMatching(/^<Period id="1" start="PT[\d.]+S" duration="PT[\d.]+S">$/),
    expect.stringMatching(/^<Period id="2" start="PT[\d.]+S">$/),
  ])
  expect(live).toContain(`media="${session}/$RepresentationID$/2-$Number$.m4s"`)
  packager.end()
  const over = readFileSync(join(folder, 'manifest.mpd'), 'utf8')
  expect(over).toContain('type="static" mediaPresentationDuration="PT')
  expect(over).not.toContain('UTCTiming')
})

test('a session ends for who watches also when the memory for live media is full: the oldest goes for it', () => {
  const { packager, dropped } = open(newborn, 3)
  play(packager, plan).finish()
  for (const file of ['v180.m3u8.part', '../manifest.mpd.part']) symlinkSync('/dev/full', inSession(file))
  packager.end()
  for (const track of ['v180', 'v90', 'audio'])
    expect(playlist(track).trimEnd().endsWith('#EXT-X-ENDLIST'), track).toBe(true)
  expect(readFileSync(join(folder, 'manifest.mpd'), 'utf8')).toContain('type="static"')
  expect(dropped()).toBeGreaterThan(0)
  expect(namedIn('v180').every((uri) => existsSync(inSession(uri)))).toBe(true)
})

test('what comes after the end of a session, or its removal, touches nothing', () => {
  const ended = open().packager
  const half = Math.ceil(TURNS / 2) / TURNS
  const late = play(ended, plan, undefined, half)
  ended.end()
  const over = playlist('v180')
  goOn(late, half)
  expect(playlist('v180')).toBe(over)
  expect(over.trimEnd().endsWith('#EXT-X-ENDLIST')).toBe(true)
  expect(readFileSync(join(folder, 'manifest.mpd'), 'utf8')).toContain('type="static"')

  const removed = open().packager
  const later = play(removed, plan, undefined, half)
  removed.remove()
  expect(removed.live.ended(), 'who waits for more is let go').toBe(true)
  goOn(later, half)
  expect(existsSync(inSession(''))).toBe(false)
})

test('players are told to hold back three of the longest parts', () => {
  play(open().packager, plan)
  const targets = ['v180', 'audio'].map((track) => Number(/PART-TARGET=([\d.]+)/.exec(playlist(track))?.[1]))
  expect(targets[1]).toBeGreaterThan(targets[0] ?? 0)
  for (const track of ['v180', 'audio'])
    expect(Number(/PART-HOLD-BACK=([\d.]+)/.exec(playlist(track))?.[1])).toBeCloseTo(
      3 * Math.max(...targets),
      2,
    )
})

test.each([
  [{ hls: true, dash: false }, ['index.m3u8']],
  [{ hls: false, dash: true }, ['manifest.mpd']],
])('with %o new viewers find %o', (kinds, found) => {
  const { packager } = open(newborn, 10, kinds)
  play(packager, plan)
  packager.open()
  const there = ['index.m3u8', 'manifest.mpd'].filter((file) => existsSync(join(folder, file)))
  expect(there).toEqual(found)
})

test('a clock that is set back does not take back when the DASH manifest was published', () => {
  const { packager } = open()
  const publishTime = () =>
    Date.parse(/publishTime="([^"]+)"/.exec(readFileSync(join(folder, 'manifest.mpd'), 'utf8'))?.[1] ?? '')
  play(packager, plan).finish()
  const before = publishTime()
  vi.setSystemTime(Date.now() - 3_600_000)
  play(packager, plan)
  expect(publishTime()).toBeGreaterThanOrEqual(before)
})

function open(memory = newborn, listed = 10, kinds = { hls: true, dash: true }) {
  let kept: SessionMemory | undefined
  let [cleaned, dropped] = [0, 0]
  const packager = packageSession({
    folder,
    memory,
    segmentSeconds: 2,
    listed,
    lowLatency: true,
    ...kinds,
    recorded: () => {},
    keep: () => {
      kept = packager.memory()
    },
    advanced: () => {},
    published: () => {},
    full(tracks) {
      dropped += tracks.reduce((sum, { segments }) => sum + segments, 0)
    },
    cleaned: (segments) => {
      cleaned += segments
    },
    now: Date.now,
  })
  return { packager, kept: () => kept, cleaned: () => cleaned, dropped: () => dropped }
}

/** One start of the encoder, in real time: the sample's bytes, a frame or so of each track at a time. */
function play(
  packager: ReturnType<typeof packageSession>,
  planned: Omit<RunPlan, 'broken'>,
  stepped = () => {},
  share = 1,
  pipes = written,
) {
  let shown = ''
  const broken = (flaw: string) => expect.unreachable(flaw)
  const run = packager.startRun({ ...planned, broken })
  for (let turn = 0; turn < TURNS * share; turn++) {
    feed(run, turn, pipes)
    const now = existsSync(inSession('v180.m3u8')) ? playlist('v180') : ''
    if (now !== shown) stepped()
    shown = now
  }
  return run
}

type Run = ReturnType<ReturnType<typeof packageSession>['startRun']>

/** The rest of a sample that was played to `from`. */
function goOn(run: Run, from: number) {
  for (let turn = from * TURNS; turn < TURNS; turn++) feed(run, turn, written)
  run.finish()
}

function feed(run: Run, turn: number, pipes: Buffer[]) {
  for (const [at, bytes] of pipes.entries()) run.read(at, slice(bytes, turn / TURNS, (turn + 1) / TURNS))
  vi.advanceTimersByTime(40)
}

function slice(bytes: Buffer, from: number, to: number): Buffer {
  return bytes.subarray(Math.round(bytes.length * from), Math.round(bytes.length * to))
}

function inSession(path: string) {
  return join(folder, session, path)
}

function playlist(track: string) {
  return readFileSync(inSession(`${track}.m3u8`), 'utf8')
}

/** Segments, parts and init segments; not what is only hinted at. */
function namedIn(...tracks: string[]): string[] {
  return tracks.flatMap((track) =>
    playlist(track)
      .split('\n')
      .filter((line) => !/HINT|REPORT/.test(line))
      .flatMap((line) => (line.startsWith('#') ? (/URI="([^"]+)"/.exec(line)?.[1] ?? []) : line || [])),
  )
}
