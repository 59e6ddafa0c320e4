import { expect, test } from 'vitest'
import { runAccount } from './run-account.ts'
import { runReports } from './run-reports.ts'

const progress = { mediaSeconds: 0, frames: 0, droppedFrames: 0, repeatedFrames: 0 }

test.each([
  [1, 10, 1],
  [0.5, 10, 0.5],
  [1, 1, undefined],
])('media that advances by %d each second for %d s has the speed %s', (step, seconds, speed) => {
  let at = 0
  const account = runAccount([], { now: () => at })
  for (; at <= seconds * 1000; at += 1000)
    account.progressed({ ...progress, mediaSeconds: 4 + (step * at) / 1000 })
  expect(account.speed()).toBe(speed)
})

test('speed is that of the last seconds, and the wait for the first frame is none of it', () => {
  let at = 0
  const account = runAccount([], { now: () => at })
  for (; at < 60_000; at += 1000) account.progressed(progress)
  expect(account.speed()).toBeUndefined()
  for (let media = 1; media <= 5; media++, at += 1000)
    account.progressed({ ...progress, mediaSeconds: media })
  expect(account.speed()).toBe(1)
})

test.each([
  ['is as fast as its source', 1, 1, false],
  ['is as slow as its source', 0.9, 0.9, false],
  ['is slower than its source', 0.95, 1, true],
])('an encoder that %s lags behind, or does not', (_, speed, given, lags) => {
  let at = 0
  const account = runAccount([], { now: () => at, handedMs: () => 7000 + given * at })
  for (; at <= 10_000; at += 1000) account.progressed({ ...progress, mediaSeconds: 4 + (speed * at) / 1000 })
  expect(account.lagsBehind()).toBe(lags)
})

test('a run is reported with its last words and without passwords', () => {
  const account = runAccount(['ffmpeg', '-i', 'rtsp://user:pass@camera/1?token=x'])
  account.hear(Buffer.from('rtsp://user:pass@camera/1: Connection refused\n'))
  account.progressed({ mediaSeconds: 3, frames: 90, droppedFrames: 2, repeatedFrames: 1 })
  expect(account.report()).toMatchObject({ ended_at: null, exit_code: null, frames: 90, dropped_frames: 2 })
  account.because('a rung is shed')
  account.ended(null, 'SIGKILL')
  const report = account.report()
  expect(report).toMatchObject({ signal: 'SIGKILL', reason: 'a rung is shed', ended_at: expect.any(String) })
  expect(report.last_lines).toEqual(['rtsp://***@camera/1: Connection refused'])
  expect(JSON.stringify(report)).not.toMatch(/pass|token/)
})

test('the last ten runs are kept', () => {
  const reports = runReports({ load: () => [], save: () => {} })
  for (let run = 0; run < 12; run++) reports.keep(runAccount([`run ${run}`]).report)
  expect(reports.all().map(({ command }) => command[0])).toEqual(
    Array.from({ length: 10 }, (_, at) => `run ${at + 2}`),
  )
})
