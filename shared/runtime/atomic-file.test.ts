import fs, { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eraseDurably, writeAtomically } from './atomic-file.ts'

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

test('a private file is for its owner only, also in the place of what a power cut left behind', () => {
  path = join(folder, 'secret')
  writeFileSync(`${path}.part`, 'half of', { mode: 0o644 })
  writeAtomically(path, 'x', { mode: 0o600 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('what was erased is gone from the disk, and what was not there is said so', () => {
  writeAtomically(path, 'content')
  const done = watchDisk()
  eraseDurably(path)
  expect(readdirSync(join(folder, 'below'))).toEqual([])
  expect(done).toEqual(['folder synced'])
  expect(() => eraseDurably(path)).toThrow(/ENOENT/)
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
