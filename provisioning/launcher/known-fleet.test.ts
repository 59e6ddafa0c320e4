import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readKnownFleet } from './known-fleet.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sixcast-known-`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const nothing = { databaseUrl: 'private', nodes: [], streams: false, demo: false }

test('what was written is known again, but not of another database', () => {
  const file = `${folder}/known.json`
  expect(readKnownFleet(file, 'private', false)).toEqual(nothing)
  const known = { databaseUrl: 'private', nodes: [1, 2], streams: true, demo: true }
  writeFileSync(file, JSON.stringify(known))
  expect(readKnownFleet(file, 'private', false)).toEqual(known)
  expect(readKnownFleet(file, 'private', true)).toEqual(nothing)
  expect(readKnownFleet(file, 'mysql://elsewhere', false)).toEqual({
    ...nothing,
    databaseUrl: 'mysql://elsewhere',
  })
})

test('a file that makes no sense is a first start', () => {
  for (const content of ['', '{', '[]', 'null', '{"databaseUrl":"private"}']) {
    writeFileSync(`${folder}/known.json`, content)
    expect(readKnownFleet(`${folder}/known.json`, 'private', false)).toEqual(nothing)
  }
})
