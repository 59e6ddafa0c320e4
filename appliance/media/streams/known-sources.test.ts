import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SourceHabits } from '../ladder/source-habits.ts'
import { knownSources } from './known-sources.ts'

const habits: SourceHabits = {
  ...{ width: 1280, height: 720, frameRate: 30, audio: true, codecs: 'avc1.64001f' },
  ...{ keyFrameEvery: 60, bitsPerSecond: 2_500_000, steadySeconds: 10 },
}
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'))
  path = join(folder, 'sources.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what is known of a source is known to the next process', () => {
  knownSources(path).keep('cam', habits)
  knownSources(path).keep('studio', { ...habits, flaw: 'a frame of the source is missing' })
  const again = knownSources(path)
  expect(again.of('cam')).toEqual(habits)
  expect(again.of('studio')?.flaw).toMatch(/missing/)
  expect(again.of('door')).toBeUndefined()
})

test.each(['', '{', '[]', '{"cam":{"width":1}}'])('a file that holds %j is as none', (content) => {
  writeFileSync(path, content)
  expect(knownSources(path).of('cam')).toBeUndefined()
})

test('the source that was not seen for longest is forgotten first', () => {
  const cams = Array.from({ length: 500 }, (_, number) => [`cam-${number}`, habits])
  writeFileSync(path, JSON.stringify(Object.fromEntries(cams)))
  const sources = knownSources(path)
  sources.keep('cam-0', habits)
  sources.keep('one-more', habits)
  expect(sources.of('cam-0')).toBeDefined()
  expect(sources.of('cam-1')).toBeUndefined()
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toHaveLength(500)
})
