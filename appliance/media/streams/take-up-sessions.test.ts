import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionFile } from './session-file.ts'
import { sessionStore } from './session-store.ts'
import { takeUpSessions } from './take-up-sessions.ts'

let folder: string
const open = () =>
  sessionStore({ stateDirectory: join(folder, 'state'), liveDirectory: join(folder, 'live') })
const live = (...path: string[]) => join(folder, 'live', ...path)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a session that was live waits for its publisher, and viewers still find it', () => {
  open().save(file)
  writeFileSync(live('cam', 'index.m3u8'), '#EXTM3U')
  const [taken] = takeUpSessions(open())
  const state = { name: 'waiting', isOpen: true }
  expect(taken).toMatchObject({ name: 'cam', state, memory: { session, record } })
  expect(taken?.memory.tracks).toEqual(file.tracks)
  expect(existsSync(live('cam', 'index.m3u8'))).toBe(true)
})

test('a session that had ended has ended', () => {
  open().save({ ...file, endedAt: Date.now() - 5000 })
  writeFileSync(live('cam', 'index.m3u8'), '#EXTM3U')
  const [taken] = takeUpSessions(open())
  expect(taken?.state).toEqual({ name: 'ended', at: expect.closeTo(performance.now() - 5000, -3) })
  expect(existsSync(live('cam', 'index.m3u8'))).toBe(false)
})

test('the copy of a session of another node is left to those who made it, also when a session of its stream goes', () => {
  open().save({ ...file, endedAt: Date.now() - 5000 })
  const copy = live('cam', 'sbbbbbbbbbbbb')
  mkdirSync(copy)
  writeFileSync(join(copy, 'mirror.json'), '{}')
  writeFileSync(live('cam', 'index.m3u8'), '#EXTM3U')
  expect(takeUpSessions(open())).toHaveLength(1)
  open().removeStream('cam')
  expect([copy, live('cam', 'index.m3u8')].map((path) => existsSync(path))).toEqual([true, true])
  rmSync(live('cam', session), { recursive: true })
  expect(takeUpSessions(open())).toEqual([])
  expect(existsSync(copy)).toBe(true)
})

test('after memory was lost the record alone carries the session on', () => {
  open().saveRecord('cam', record)
  const [taken] = takeUpSessions(open())
  expect(taken).toMatchObject({ name: 'cam', state: { name: 'waiting' }, memory: { session, tracks: [] } })
  expect(taken?.memory.resumeAfter?.number).toBeGreaterThanOrEqual(record.firstNumber)
})

test('a session whose segments are still here needs no record', () => {
  open().save(file)
  open().saveRecord('cam', record)
  expect(takeUpSessions(open())).toHaveLength(1)
})

test('a run of more than a day is carried on too', () => {
  open().saveRecord('cam', { ...record, origin: new Date(Date.now() - 25 * 3600 * 1000).toISOString() })
  const [taken] = takeUpSessions(open())
  expect(taken?.memory).toMatchObject({ session })
  expect(taken?.memory.resumeAfter?.number).toBeGreaterThanOrEqual(record.firstNumber + (25 * 3600) / 2)
})

test('a clock that has lost the time begins a new session', () => {
  open().saveRecord('cam', { ...record, origin: new Date(Date.now() + 3600 * 1000).toISOString() })
  expect(takeUpSessions(open())).toEqual([])
  expect(existsSync(join(folder, 'state', 'sessions', 'cam.json'))).toBe(false)
})

test.each([
  ['saaaaaaaaaaaa', 'sbbbbbbbbbbbb'],
  ['sbbbbbbbbbbbb', 'saaaaaaaaaaaa'],
])(
  'the session of a stream that has not ended comes last, whenever it was saved: %s before %s',
  (first, last) => {
    open().save({ ...file, session: first, endedAt: Date.now(), savedAt: file.savedAt + 1000 })
    open().save({ ...file, session: last })
    expect(takeUpSessions(open()).map(({ memory }) => memory.session)).toEqual([first, last])
  },
)

test('what is not of a stream stays, also beside its sessions: the folder may be the wrong one', () => {
  mkdirSync(live('photos', 'holidays'), { recursive: true })
  writeFileSync(live('photos', 'holidays', 'session.json'), '{}')
  mkdirSync(live('cam', session), { recursive: true })
  writeFileSync(live('cam', 'letter.txt'), '')
  mkdirSync(live('empty'))
  expect(takeUpSessions(open())).toEqual([])
  expect(readdirSync(live()).toSorted()).toEqual(['cam', 'empty', 'photos'])
  expect(readdirSync(live('photos'))).toEqual(['holidays'])
})

test('what cannot be read is removed and keeps nobody from starting', () => {
  mkdirSync(live('cam', session), { recursive: true })
  writeFileSync(live('cam', session, 'session.json'), '{"name":"cam", "rec')
  writeFileSync(live('cam', 'thumbnail.jpg'), '')
  mkdirSync(live('old', 'saaaaaaaaaaab'), { recursive: true })
  expect(takeUpSessions(open())).toEqual([])
  expect(readdirSync(live())).toEqual([])
})

const session = 'sabcdefghijkl'
const record: SessionRecord = {
  session,
  startedAt: new Date().toISOString(),
  run: 3,
  origin: new Date().toISOString(),
  phase: 0,
  segmentSeconds: 2,
  firstNumber: 12,
  discontinuitySequence: 2,
  ladder: ['v480'],
}
const file: SessionFile = {
  name: 'cam',
  session,
  savedAt: Date.now(),
  record,
  records: [record],
  tracks: [
    {
      id: 'v480',
      kind: 'video',
      codecs: 'avc1.64001f',
      width: 854,
      height: 480,
      frameRate: 30,
      shapes: [],
      peakBitsPerSecond: 1,
      totalBytes: 1,
      partTarget: 0.333,
      totalSeconds: 1,
      segments: [],
    },
  ],
}
