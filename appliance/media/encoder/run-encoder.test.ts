import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import type { SupervisionRules } from '@sixcast/shared/runtime/supervise-state.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { runEncoder } from './run-encoder.ts'
import { runReports } from './run-reports.ts'

/** Generous: a machine with two busy cores is slow, not wrong. */
const WITHIN = { timeout: 30_000 }
vi.setConfig({ testTimeout: 60_000 })

const rules = {
  backoff: { firstMs: 10, longestMs: 10 },
  startMs: 5000,
  stallMs: 300,
  killAfterMs: 300,
  steadyMs: 60_000,
}
const PATIENT = { ...rules, startMs: 60_000, stallMs: 60_000 }

test('what the process writes into each pipe reaches its reader', async () => {
  const node = start(
    `require('fs').writeSync(4, 'sound'); require('fs').writeSync(3, 'picture'); ${FOREVER}`,
    PATIENT,
  )
  await vi.waitFor(() => expect(node.runs[0]?.read).toEqual(['picture', 'sound']), WITHIN)
  await node.encoder.stop()
  expect(node.runs).toHaveLength(1)
  expect(node.runs[0]?.finished).toBe(true)
  expect(node.lines).toEqual([])
})

test('a process that fails is started again as another run, with its last words in the log', async () => {
  const node = start(`console.error('no such stream'); process.exit(3)`)
  await vi.waitFor(() => expect(node.runs.length).toBeGreaterThan(1), WITHIN)
  await node.encoder.stop()
  expect(node.runs[0]?.finished).toBe(true)
  expect(node.lines[0]).toMatch(/started again.*"code":3.*no such stream/)
})

test('that a process has failed is said to people each time anew, without its password', async () => {
  const node = start(`console.error('rtsp://eve:s3cret@door/ is gone'); process.exit(3)`)
  await vi.waitFor(() => expect(node.notes).toHaveLength(2), WITHIN)
  await node.encoder.stop()
  expect(node.notes[0]).toBe(
    'Its encoder ended with code 3 and is started again. It said: rtsp://***@door/ is gone',
  )
  expect(new Set(node.matters)).toEqual(new Set(['encoder']))
})

test('a new run is told of when it has a picture', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // Each start makes the next folder: the first fails, the second shows something.
  const node = start(
    `try { require('fs').mkdirSync('${folder}/first'); process.exit(3) } catch {}
     setTimeout(() => require('fs').writeSync(3, 'x'), 300); ${FOREVER}`,
    PATIENT,
  )
  await vi.waitFor(() => expect(node.notes).toHaveLength(2), WITHIN)
  await node.encoder.stop()
  expect(node.notes).toEqual([
    'Its encoder ended with code 3 and is started again.',
    'Its encoder ended with code 3 and was started again, so the stream began a new run.',
  ])
})

test('what is ended because it was silent is told of as silent, not as failed', async () => {
  const node = start(
    `require('fs').writeSync(3, 'x'); process.on('SIGTERM', () => process.exit(0)); ${FOREVER}`,
  )
  await vi.waitFor(() => expect(node.notes.length).toBeGreaterThan(1), WITHIN)
  await node.encoder.stop()
  expect(node.notes.slice(0, 2)).toEqual([
    'No picture came out of its encoder for 0.3 s: it is started again.',
    'No picture came out of its encoder for 0.3 s: it was started again, so the stream began a new run.',
  ])
  expect(node.reports()[0]).toMatchObject({ reason: 'no picture came out of it for 0.3 s' })
  expect(node.reports().at(-1)).toMatchObject({ reason: null })
})

test('an end that nobody needed to repeat is no failure', async () => {
  const node = start('process.exit(0)', { ...rules, backoff: { firstMs: 60_000, longestMs: 60_000 } })
  await vi.waitFor(() => expect(node.encoder.state().name).toBe('waiting'), WITHIN)
  await node.encoder.stop()
  expect(node.lines).toEqual([])
})

test('a process that stops writing is replaced', async () => {
  const node = start(`process.on('SIGTERM', () => {}); require('fs').writeSync(3, 'x'); ${FOREVER}`)
  await vi.waitFor(() => expect(node.runs.length).toBeGreaterThan(1), WITHIN)
  await node.encoder.stop()
  expect(node.lines[0]).toMatch(/SIGKILL/)
})

test('only pictures are a sign of life: whatever else a process writes, it is replaced', async () => {
  const node = start(`const write = (pipe) => require('fs').writeSync(pipe, 'x')
    write(3); setInterval(() => { write(4); write(5) }, 20)`)
  await vi.waitFor(() => expect(node.runs.length).toBeGreaterThan(1), WITHIN)
  await node.encoder.stop()
})

test('an encoder may be silent for five seconds, and for twenty at its start', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const failures = ({ encoder }: ReturnType<typeof start>) => ({ failures: 0, ...encoder.state() }).failures
  const dumb = start(FOREVER, 'production')
  await vi.advanceTimersByTimeAsync(19_000)
  expect(failures(dumb)).toBe(0)
  await vi.advanceTimersByTimeAsync(1500)
  expect(failures(dumb)).toBe(1)
  await dumb.encoder.stop()

  const silent = start(`require('fs').writeSync(3, 'x'); ${FOREVER}`, 'production')
  while (!silent.runs[0]?.read[0]) await new Promise(setImmediate)
  await vi.advanceTimersByTimeAsync(4500)
  expect(failures(silent)).toBe(0)
  await vi.advanceTimersByTimeAsync(1000)
  expect(failures(silent)).toBe(1)
  await silent.encoder.stop()
})

test('an encoder dies with us, whatever kills us', async () => {
  const us = spawn(process.execPath, ['--input-type=module', '-e', US], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunk] = await once(us.stdout, 'data')
  const encoder = Number(String(chunk))
  onTestFinished(() => killed(encoder))
  process.kill(encoder, 0)
  us.kill('SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(encoder, 0)).toThrow(/ESRCH/), WITHIN)
})

test('bytes that cannot be kept end their run, not us', async () => {
  const node = start(`require('fs').writeSync(3, 'picture'); ${FOREVER}`, rules, () => {
    throw new Error('no space left')
  })
  await vi.waitFor(() => expect(node.runs.length).toBeGreaterThan(1), WITHIN)
  await node.encoder.stop()
  expect(node.lines[0]).toMatch(/no space left/)
})

test('each run is reported: how far it came, what it said, and why it ended', async () => {
  const node = start(
    `require('fs').writeSync(5, 'frame=7\\nout_time_us=1\\nprogress=continue\\n'); console.error('hm'); ${FOREVER}`,
    PATIENT,
  )
  await vi.waitFor(
    () => expect(node.reports()).toMatchObject([{ frames: 7, last_lines: ['hm'], ended_at: null }]),
    WITHIN,
  )
  node.encoder.restart('a rung is shed')
  await vi.waitFor(() => expect(node.reports()).toHaveLength(2), WITHIN)
  expect(node.reports()[0]).toMatchObject({ signal: 'SIGKILL', reason: 'a rung is shed', exit_code: null })
  await node.encoder.stop()
  expect(node.lines).toEqual([])
})

test('what fails again and again is told to people', async () => {
  const node = start(`console.error('no such device'); process.exit(1)`)
  await vi.waitFor(() => expect(node.notes.at(-1)).toMatch(/failed 5 times.*no such device/), WITHIN)
  await node.encoder.stop()
})

test('an encoder gets no more memory than any needs', async () => {
  const node = start(
    `const fs = require('fs')
     fs.writeSync(3, fs.readFileSync('/proc/self/limits', 'utf8').match(/Max data size +(\\d+)/)[1]); ${FOREVER}`,
    PATIENT,
  )
  await vi.waitFor(() => expect(node.runs[0]?.read[0]).toBe('2147483648'), WITHIN)
  await node.encoder.stop()
})

const killed = (pid: number) => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {} // it is gone, as it should be
}

/** A media of its own, whose encoder tells its number and would go on for ever. */
const US = `
  import { runEncoder } from '${pathToFileURL(join(import.meta.dirname, 'run-encoder.ts'))}'
  runEncoder({
    command: [process.execPath, '-e'],
    startRun: () => ({
      args: ["require('fs').writeSync(3, String(process.pid)); setInterval(() => {}, 1000)"],
      readers: [(chunk) => process.stdout.write(chunk)],
      finish() {},
    }),
    reports: { keep() {}, ended() {} },
    log: { info() {}, warn() {}, error() {} },
  })`

const FOREVER = 'setInterval(() => {}, 1000)'

function start(
  script: string,
  given: SupervisionRules | 'production' = rules,
  keep: (text: string) => void = () => {},
) {
  const lines: string[] = []
  const notes: string[] = []
  const matters: (string | undefined)[] = []
  const runs: { read: string[]; finished: boolean }[] = []
  const reports = runReports({ load: () => [], save: () => {} })
  const encoder = runEncoder({
    command: [process.execPath, '-e'],
    reports,
    noted(sentence, matter) {
      notes.push(sentence)
      matters.push(matter)
    },
    startRun() {
      const run = { read: Array<string>(2), finished: false }
      runs.push(run)
      return {
        args: [script],
        readers: [0, 1].map((at) => (chunk: Buffer) => {
          run.read[at] = chunk.toString()
          keep(chunk.toString())
        }),
        finish: () => {
          run.finished = true
        },
      }
    },
    log: createLog('media', (line) => lines.push(line)),
    ...(given === 'production' ? {} : { rules: given }),
  })
  return { encoder, runs, lines, notes, matters, reports: reports.all }
}
