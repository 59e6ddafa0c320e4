import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { databaseCommand, initialiseDatabase } from './private-database.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/sixcast-database-`)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
})

test('a new database answers on its socket and nowhere else', async () => {
  const { args, greeting } = await startDatabase(`${folder}/data`)
  expect(greeting).toMatch(/MariaDB/)
  expect(args).toContain('--skip-networking')
}, 20_000)

test('it clears up temporary tables in its own folder, whatever that is called, and not those of others', async () => {
  const dataFolder = `${folder}/my: data`
  const left = (where: string) => `${where}/#sql-left-by-a-test.MAI`
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  await initialiseDatabase({ dataFolder })
  const places = [tmpdir(), `${dataFolder}/temporary`].map(left)
  for (const file of places) await writeFile(file, '')
  await startDatabase(dataFolder)
  expect(places.map((file) => existsSync(file))).toEqual([true, false])
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

/** Until the test ends. */
async function startDatabase(dataFolder: string) {
  await initialiseDatabase({ dataFolder })
  const socket = `${folder}/database.sock`
  const [program = '', ...args] = databaseCommand({ dataFolder, socket })
  const server = spawn(program, args, { stdio: 'ignore' })
  const closed = once(server, 'close')
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await closed
  })
  return { args, greeting: await vi.waitFor(() => firstBytes(socket), { timeout: 10_000 }) }
}

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
