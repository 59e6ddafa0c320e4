import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, onTestFinished, test } from 'vitest'
import { StreamOrder } from './stream-order.ts'
import { wantedStreams } from './wanted-streams.ts'

function open(text?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'wanted-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'wanted.json')
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 })
  const said: string[] = []
  return {
    path,
    said,
    wanted: wantedStreams(
      path,
      createLog('media', (line) => said.push(line)),
    ),
  }
}

const order = {
  ...StreamOrder.parse({ stream_id: 'cam', source_url: 'rtsp://eve:s3cret@10.0.0.5/' }),
  asked_at: new Date().toISOString(),
}

test('without a file nothing was asked for, and nothing is said', () => {
  const { wanted, said } = open()
  expect(wanted.list()).toEqual([])
  expect(said).toEqual([])
})

test.each([
  ['[{"stream_id":"cam","source_url":"rtsp://eve:s3cret@10.0', []],
  ['{}', []],
  [JSON.stringify([{ ...order, source_url: 7 }, order]), [order]],
])('what cannot be read of %j is said, and put aside for its owner alone', (text, readable) => {
  const { path, wanted, said } = open(text)
  expect(wanted.list()).toEqual(readable)
  wanted.add({ ...order, stream_id: 'other' })
  expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe(text)
  expect(statSync(`${path}.unreadable`).mode & 0o777).toBe(0o600)
  expect(said.join()).toContain(`${path}.unreadable`)
  expect(said.join()).not.toContain('s3cret')
})
