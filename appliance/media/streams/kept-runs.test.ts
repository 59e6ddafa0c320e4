import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RunReport, runReports } from '../encoder/run-reports.ts'
import { keptRuns } from './kept-runs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const report = (more: Partial<RunReport> = {}): RunReport => ({
  started_at: '2026-01-01T00:00:00.000Z',
  ended_at: '2026-01-01T00:01:00.000Z',
  command: ['ffmpeg'],
  exit_code: 0,
  signal: null,
  reason: null,
  speed: 1,
  frames: 1500,
  dropped_frames: 0,
  repeated_frames: 0,
  last_lines: [],
  ...more,
})

/** The reports of a session in one process: new ones each time. */
function start(session = join(folder, 'session')) {
  const lines: string[] = []
  const log = createLog('media', (line) => lines.push(line))
  return { reports: runReports(keptRuns(session, log)), lines }
}

test('the next process still tells of the runs before it, and that one of them was cut off', () => {
  const { reports } = start()
  let first = report({ ended_at: null, exit_code: null })
  reports.keep(() => first)
  first = report({ exit_code: 1 })
  reports.ended()
  reports.keep(() => report({ ended_at: null, exit_code: null }))
  const next = start().reports
  next.keep(() => report({ frames: 7 }))
  expect(next.all()).toMatchObject([
    { exit_code: 1, reason: null },
    { ended_at: expect.any(String), reason: 'media of this node was started again' },
    { frames: 7, reason: null },
  ])
  expect(start().reports.all()).toHaveLength(3)
  expect(start().reports.all()[1]).toEqual(next.all()[1])
})

test('a session without a file, or with one that nobody can read, has no runs', () => {
  expect(start().reports.all()).toEqual([])
  for (const text of ['', '[{}]', '{"runs":7}']) {
    start().reports.keep(report)
    writeFileSync(join(folder, 'session', 'runs.json'), text)
    expect(start().reports.all()).toEqual([])
  }
})

test('where they cannot be kept, that is said, and the stream goes on', () => {
  writeFileSync(join(folder, 'file'), '')
  const { reports, lines } = start(join(folder, 'file'))
  reports.keep(report)
  expect(reports.all()).toHaveLength(1)
  expect(lines).toHaveLength(1)
})
