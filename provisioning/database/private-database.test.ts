import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { databaseCommand, initialiseDatabase } from './private-database.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/sixcast-database-`)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a new database answers on its socket and nowhere else', async () => {
  await initialiseDatabase({ dataFolder: `${folder}/data` })
  const socket = `${folder}/database.sock`
  const [program = '', ...args] = databaseCommand({ dataFolder: `${folder}/data`, socket })
  const server = spawn(program, args, { stdio: 'ignore' })
  const closed = once(server, 'close')
  try {
    const greeting = await vi.waitFor(() => firstBytes(socket), { timeout: 10_000 })
    expect(greeting).toMatch(/MariaDB/)
    expect(args).toContain('--skip-networking')
  } finally {
    server.kill('SIGTERM')
    await closed
  }
}, 20_000)

test('a database that was broken off half-way is made again, a finished one is left alone', async () => {
  const dataFolder = `${folder}/data`
  await mkdir(`${dataFolder}.unfinished/mysql`, { recursive: true })
  await initialiseDatabase({ dataFolder })
  expect(existsSync(`${dataFolder}.unfinished`)).toBe(false)
  await rm(`${dataFolder}/ibdata1`)
  await initialiseDatabase({ dataFolder })
  expect(existsSync(`${dataFolder}/ibdata1`)).toBe(false)
}, 20_000)

test('a folder that cannot hold a database is said so', async () => {
  await expect(initialiseDatabase({ dataFolder: '/dev/null/data' })).rejects.toThrow(/ENOTDIR.*null/)
})

function firstBytes(socket: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket)
    connection.once('error', reject)
    connection.once('data', (bytes) => {
      connection.destroy()
      resolve(bytes.toString('latin1'))
    })
  })
}
