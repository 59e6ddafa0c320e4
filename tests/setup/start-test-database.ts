import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import type { TestProject } from 'vitest/node'
import { databaseCommand, initialiseDatabase } from '../../provisioning/database/private-database.ts'
import { sleep } from '../../shared/runtime/repeat.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server of this run alone. Take a database of your own from it: `freshDatabase()`. */
    databaseUrl: string
  }
}

const MEMORY = '/dev/shm'
const NAME = 'sixcast-tests-'

/** One private MariaDB for the whole run, gone with it, even when the run is killed. */
export async function setup(project: TestProject) {
  const folders = existsSync(MEMORY) ? MEMORY : tmpdir()
  await removeOrphans(folders)
  const folder = `${folders}/${NAME}${process.pid}` // a socket's path may have 107 characters
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await initialiseDatabase({ dataFolder: `${folder}/data` })
  const socket = `${folder}/database.sock`
  const server = await startServer(`${folder}/data`, socket)
  project.provide('databaseUrl', `mysql://root@localhost/?socketPath=${encodeURIComponent(socket)}`)
  return async () => {
    server.kill('SIGKILL') // nothing of it is kept
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

async function startServer(dataFolder: string, socket: string): Promise<ChildProcess> {
  const command = databaseCommand({ dataFolder, socket })
  const server = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const words = text(server.stderr)
  while (!(await answers(socket))) {
    if (server.exitCode !== null) throw new Error(`The database of the tests has ended:\n${await words}`)
    await sleep(20)
  }
  return server
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket)
    connection.once('error', () => resolve(false))
    connection.once('data', () => {
      connection.destroy()
      resolve(true)
    })
  })
}

/** A killed run leaves its folder behind, and memory is dear. */
async function removeOrphans(folders: string): Promise<void> {
  const names = (await readdir(folders)).filter((name) => name.startsWith(NAME))
  const orphans = names.filter((name) => !existsSync(`/proc/${name.slice(NAME.length)}`))
  await Promise.all(orphans.map((name) => rm(`${folders}/${name}`, { recursive: true, force: true })))
}
