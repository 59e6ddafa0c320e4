import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStateFolders } from './state-folders.ts'
import { lockState, stateIsLocked } from './state-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sixcast-state-`)
  mkdirSync(`${folder}/memory`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what lives only while the fleet runs is in memory, under a name of its own', () => {
  const one = openStateFolders(`${folder}/one`, { memory: `${folder}/memory` })
  const two = openStateFolders(`${folder}/two`, { memory: `${folder}/memory` })
  expect(one.run).toMatch(/\/memory\/sixcast-[0-9a-f]{8}$/)
  expect(one.run).not.toBe(two.run)
  expect(existsSync(one.logs)).toBe(true)
})

test('the same folder has the same name in memory, whichever way leads to it', () => {
  const { run } = openStateFolders(`${folder}/one`, { memory: `${folder}/memory` })
  symlinkSync(`${folder}/one`, `${folder}/link`)
  expect(openStateFolders(`${folder}/link`, { memory: `${folder}/memory` }).run).toBe(run)
})

test('a folder in memory that others can enter is not used', () => {
  const { run, state } = openStateFolders(`${folder}/one`, { memory: `${folder}/memory` })
  chmodSync(run, 0o755)
  expect(openStateFolders(`${folder}/one`, { memory: `${folder}/memory` }).run).toBe(`${state}/run`)
})

test('without memory the state folder serves', () => {
  const { run, state } = openStateFolders(`${folder}/one`, { memory: `${folder}/nowhere` })
  expect(run).toBe(`${state}/run`)
})

test('a file instead of a folder is said so', () => {
  writeFileSync(`${folder}/file`, '')
  expect(() => openStateFolders(`${folder}/file`)).toThrow(`${folder}/file is not a folder`)
  expect(() => openStateFolders(`${folder}/file/below`)).toThrow('is not a folder')
})

test('a folder that takes no new ones is refused, and not tried for ever', () => {
  expect(() => openStateFolders('/proc/sixcast')).toThrow('/proc/sixcast cannot be written')
  expect(() => openStateFolders('/proc/sixcast/below')).toThrow('cannot be written')
})

test('a path that the database or the kernel would not take is said so, and how long it may be', () => {
  const long = `${folder}/${'ä'.repeat(100)}/${'b'.repeat(200)}`
  expect(() => openStateFolders(long)).toThrow(/too long: it has \d+ bytes, .* no more than 400/)
  expect(() => openStateFolders(`${folder}/${'x'.repeat(300)}`)).toThrow('more than 255 bytes')
  const middling = `${folder}/${'c'.repeat(80)}`
  expect(openStateFolders(middling, { memory: `${folder}/memory` }).state).toBe(middling)
  expect(() => openStateFolders(middling, { memory: `${folder}/nowhere` })).toThrow(/no more than 107 bytes/)
})

test('one folder runs one fleet, and the second is told who runs it', () => {
  const file = `${folder}/lock`
  const first = lockState(file, folder)
  expect(stateIsLocked(file)).toBe(true)
  expect(() => lockState(file, folder)).toThrow(`already running from ${folder} (process ${process.pid})`)
  first.release()
  expect(stateIsLocked(file)).toBe(false)
  lockState(file, folder).release()
})
