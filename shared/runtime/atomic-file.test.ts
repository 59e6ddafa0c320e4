import fs, { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writeAtomically } from './atomic-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atomic-'))
  path = join(folder, 'below', 'file')
})
afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
  rmSync(folder, { recursive: true })
})

test('a file is replaced as a whole, and nothing else is left', () => {
  writeAtomically(path, 'a longer text')
  writeAtomically(path, [Buffer.from('in '), Buffer.from('pieces')])
  expect(readFileSync(path, 'utf8')).toBe('in pieces')
  expect(readdirSync(join(folder, 'below'))).toEqual(['file'])
})

test('what must outlive a power cut is synced before it gets its name, and the name after that', () => {
  const done = watchDisk()
  writeAtomically(path, 'content', { durable: true })
  expect(done).toEqual(['file synced', 'renamed', 'folder synced'])
})

test('what may be lost waits for no disk', () => {
  const done = watchDisk()
  writeAtomically(path, 'content')
  expect(done).toEqual(['renamed'])
})

/** No test can cut the power: what counts is what the disk is asked for, and in which order. */
function watchDisk() {
  const done: string[] = []
  const { fsyncSync, renameSync } = fs
  vi.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
    done.push(fs.fstatSync(file).isDirectory() ? 'folder synced' : 'file synced')
    fsyncSync(file)
  })
  vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    done.push('renamed')
    renameSync(from, to)
  })
  syncBuiltinESMExports()
  return done
}
