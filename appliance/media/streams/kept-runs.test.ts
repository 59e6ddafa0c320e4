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

/** The reports of one process: a new one each time. */
function start(folderOf = (stream: string): string | undefined => join(folder, stream)) {
  const lines: string[] = []
  const log = createLog('media', (line) => lines.push(line))
  return { reports: runReports(keptRuns({ folderOf, log })), lines }
}

test('the next process still tells of the runs before it, and that one of them was cut off', () => {
  const { reports } = start()
  let first = report({ ended_at: null, exit_code: null })
  reports.keep('cam', () => first)
  first = report({ exit_code: 1 })
  reports.ended('cam')
  reports.keep('cam', () => report({ ended_at: null, exit_code: null }))
  const next = start().reports
  next.keep('cam', () => report({ frames: 7 }))
  expect(next.of('cam')).toMatchObject([
    { exit_code: 1, reason: null },
    { ended_at: null, reason: 'media of this node was started again' },
    { frames: 7, reason: null },
  ])
  expect(start().reports.of('cam')).toHaveLength(3)
})

test('a file that nobody can read, and a stream in no session, have no runs', () => {
  const { reports, lines } = start(() => undefined)
  reports.keep('cam', report)
  expect(start().reports.of('cam')).toEqual([])
  for (const text of ['', '[{}]', '{"runs":7}']) {
    start().reports.keep('cam', report)
    writeFileSync(join(folder, 'cam', 'runs.json'), text)
    expect(start().reports.of('cam')).toEqual([])
  }
  expect(lines).toEqual([])
})

test('where they cannot be kept, that is said, and the stream goes on', () => {
  writeFileSync(join(folder, 'file'), '')
  const { reports, lines } = start(() => join(folder, 'file'))
  reports.keep('cam', report)
  expect(reports.of('cam')).toHaveLength(1)
  expect(lines).toHaveLength(1)
})
