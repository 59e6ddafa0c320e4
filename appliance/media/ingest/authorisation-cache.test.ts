import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { authorisationCache } from './authorisation-cache.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authorised-'))
  path = join(folder, 'authorised.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an allowed key is known to the next process, and stands nowhere in clear', () => {
  authorisationCache(path).allow('cam', 'secret', false)
  expect(authorisationCache(path).knows('cam', 'secret')).toBe(true)
  expect(authorisationCache(path).knows('cam', 'other')).toBe(false)
  expect(authorisationCache(path).knows('cam', '')).toBe(false)
  expect(authorisationCache(path).knows('other', 'secret')).toBe(false)
  expect(readFileSync(path, 'utf8')).not.toContain('secret')
})

test('a refused key is forgotten, the others of its stream are not', () => {
  const cache = authorisationCache(path)
  cache.allow('cam', 'old', false)
  cache.allow('cam', 'new', false)
  cache.forget('cam', 'old')
  expect([cache.knows('cam', 'old'), cache.knows('cam', 'new')]).toEqual([false, true])
})

test('an open stream needs no key until it is refused', () => {
  const cache = authorisationCache(path)
  cache.allow('golive', '', true)
  expect(cache.knows('golive', '')).toBe(true)
  cache.forget('golive', 'a stranger’s key')
  expect(cache.knows('golive', ''), 'a stranger’s wrong key says nothing of the stream').toBe(true)
  cache.forget('golive', '')
  expect(cache.knows('golive', '')).toBe(false)
  expect(readFileSync(path, 'utf8')).toBe('{}')
})

test('a file that cannot be read is an empty cache', () => {
  writeFileSync(path, '{"cam":{"open":"perhaps')
  expect(authorisationCache(path).knows('cam', 'secret')).toBe(false)
})

test('a stream remembers its last keys, not all it ever had', () => {
  const cache = authorisationCache(path)
  for (let key = 0; key < 25; key++) cache.allow('cam', `key-${key}`, false)
  expect([cache.knows('cam', 'key-4'), cache.knows('cam', 'key-5')]).toEqual([false, true])
})
