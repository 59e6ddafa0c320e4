import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest'
import { startTestNode } from './start-test-node.ts'

const run = promisify(execFile)
/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 60_000, interval: 50 }
let publisher: ChildProcess
let node: Awaited<ReturnType<typeof startTestNode>>

beforeAll(async () => {
  node = await startTestNode()
  await vi.waitFor(() => expect(node.log.join()).toMatch(/"ready"/), WITHIN)
}, 120_000)
afterAll(() => node.stop(), 60_000)

/** One story: each test goes on where the last one ended, so a stream is started once. */
const step = (name: string, story: () => Promise<void>) =>
  test(name, async () => {
    onTestFailed(() => console.error(node.log.join('\n')))
    await story()
  }, 240_000)

step('a published stream becomes playable, and the agent hears of it', async () => {
  publisher = node.publish('cam?key=secret')
  await isOpen()
  await vi.waitFor(
    () => expect(node.agent.reported('cam')).toMatchObject({ state: 'live', manifest: 'index.m3u8' }),
    WITHIN,
  )
  const report = node.agent.reported('cam')
  expect(report?.renditions).toMatchObject([
    { id: 'v180', codecs: expect.stringMatching(/^avc1\.\w{6},mp4a\.40\.2$/), width: 320, height: 180 },
  ])
  expect(report?.renditions[0]?.bandwidth).toBeGreaterThan(50_000)
  await vi.waitFor(() => expect(segments().length).toBeGreaterThan(3), WITHIN)
  expect(await faults()).toBe('')
  expect(existsSync(node.live('cam', 'thumbnail.jpg'))).toBe(true)
})

step('a stream that is on no page says so, and no longer when it is', async () => {
  node.agent.misses('cam')
  await vi.waitFor(
    async () => expect(await problems()).toMatch(/npm run stream -- add cam makes one/),
    WITHIN,
  )
  node.agent.misses()
  await vi.waitFor(async () => expect(await problems()).toBe(''), WITHIN)
})

step('a second publisher and a wrong key are refused, and no key is in the log', async () => {
  for (const key of ['cam?key=secret', 'cam?key=wrong', 'cam']) {
    const [code] = await once(node.publish(key), 'close')
    expect(code).not.toBe(0)
  }
  const refusals = node.log.filter((line) => line.includes('publisher refused'))
  expect(refusals).toHaveLength(3)
  expect(node.log.join()).not.toMatch(/secret|wrong/)
  expect((await node.stream('cam')).state).toBe('live')
})

step('a killed encoder is replaced within the session, as a new run', async () => {
  const before = await node.stream('cam')
  const [encoder] = await encoders()
  process.kill(encoder ?? 0, 'SIGKILL')
  await vi.waitFor(() => expect(playlist()).toContain('#EXT-X-DISCONTINUITY\n'), WITHIN)
  const { record } = await node.stream('cam')
  expect(record).toMatchObject({ session: before.record?.session, run: 2, discontinuitySequence: 1 })
  expect(await problems()).toMatch(/^Its encoder was ended by SIGKILL and was started again/)
  expectUnbroken()
})

step(
  'when media dies its encoder dies; back, it takes the session up, and viewers still find it',
  async () => {
    const before = await node.stream('cam')
    const [encoder] = await encoders()
    const restart = await node.crashMedia()
    await vi.waitFor(() => expect(isRunning(encoder)).toBe(false), WITHIN)
    expect(existsSync(index())).toBe(true)
    restart()
    await vi.waitFor(
      async () => expect(await node.stream('cam')).toMatchObject({ state: 'live', record: { run: 3 } }),
      WITHIN,
    )
    expect(existsSync(index())).toBe(true)
    const { record } = await node.stream('cam')
    expect(record).toMatchObject({ session: before.record?.session, run: 3 })
    expect(await problems()).toMatch(
      /^Media of this node was started again\. The stream went on after \d+ s\.$/,
    )
    const { runs } = JSON.parse((await node.ask('GET', '/streams/cam/runs')).body)
    expect(runs).toMatchObject([
      { signal: 'SIGKILL' },
      { reason: 'media of this node was started again' },
      {},
    ])
    expectUnbroken()
  },
)

step('a publisher that crashes closes the stream to new viewers, and may come back', async () => {
  await publisherCrashes()
  expect(playlist()).not.toContain('ENDLIST')
  await vi.waitFor(() => expect(node.agent.reported('cam')).toMatchObject({ state: 'waiting' }), WITHIN)
  expect(await problems()).toMatch(/^Its source left\. The session waits for its source until [\d:]+ UTC\.$/)
  publisher = node.publish('cam?key=secret')
  await isOpen()
  expect(await node.stream('cam')).toMatchObject({ state: 'live', record: { run: 4 } })
  expectUnbroken()
})

step('a publisher that stays away ends the session, and at last its files go', async () => {
  await publisherCrashes()
  const restart = await node.crashMedia()
  restart(4) // until now a slow machine had time to come back
  await vi.waitFor(() => expect(playlist()).toMatch(/#EXT-X-ENDLIST\n$/), WITHIN)
  await vi.waitFor(() => expect(node.agent.reported('cam')).toMatchObject({ state: 'ended' }), WITHIN)
  await vi.waitFor(() => expect(existsSync(node.live('cam'))).toBe(false), WITHIN)
})

async function problems(): Promise<string> {
  return (await node.stream('cam')).problems.map(({ what }) => what).join('\n')
}

async function isOpen() {
  await vi.waitFor(() => expect(existsSync(index())).toBe(true), WITHIN)
}

async function publisherCrashes() {
  publisher.kill('SIGKILL')
  await vi.waitFor(() => expect(existsSync(index())).toBe(false), WITHIN)
}

function index() {
  return node.live('cam', 'index.m3u8')
}

function sessionFolder() {
  return node.live('cam', readdirSync(node.live('cam')).find((name) => /^s[a-z0-9]{12}$/.test(name)) ?? '')
}

function playlist(track = 'v180') {
  return readFileSync(`${sessionFolder()}/${track}.m3u8`, 'utf8')
}

function segments(track?: string) {
  return playlist(track)
    .split('\n')
    .filter((line) => line.endsWith('.m4s'))
}

/** Numbers rise by one over all runs, in all tracks alike, and every file that is named is there. */
function expectUnbroken() {
  const numbers = segments().map((uri) => Number(/-(\d+)\.m4s$/.exec(uri)?.[1]))
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
  expect(playlist()).toContain(`#EXT-X-MEDIA-SEQUENCE:${numbers[0]}\n`)
  const plain = (track: string) => segments(track).map((uri) => uri.replace(/^.*\//, ''))
  expect(plain('audio')).toEqual(plain('v180'))
  for (const uri of segments()) expect(existsSync(`${sessionFolder()}/${uri}`)).toBe(true)
}

/** What ffmpeg has to say against some seconds of the stream. */
async function faults() {
  const input = ['-allowed_extensions', 'ALL', '-live_start_index', '0', '-i', index()]
  const { stderr } = await run('ffmpeg', [
    '-v',
    'warning',
    '-nostdin',
    ...input,
    '-t',
    '2',
    '-f',
    'null',
    '-',
  ])
  return stderr
}

async function encoders() {
  const { stdout } = await run('pgrep', ['-x', '-P', String(node.mediaPid()), 'ffmpeg'])
  return stdout.trim().split('\n').map(Number)
}

/** A process that nobody has buried yet has no command line. */
function isRunning(pid = 0) {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
}
