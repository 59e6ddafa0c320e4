import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { databaseCommand, initialiseDatabase } from '../provisioning/database/private-database.ts'
import type { stopsInTurn } from './stops-in-turn.ts'

export type Add = ReturnType<typeof stopsInTurn>['add']

/** Starts a program as the leader of a group of its own, until what was added is stopped, or whoever measures is killed. */
export function startProcess(command: string[], env: Record<string, string>, add: Add): number {
  const options = { env: { ...process.env, ...env }, stdio: 'ignore', detached: true } as const
  const child = spawn('setpriv', ['--pdeathsig=KILL', '--', ...command], options)
  const closed = once(child, 'close')
  add(async () => {
    child.kill()
    await closed
  })
  return child.pid ?? 0
}

/** A private MariaDB as every fleet has it, started by `prefix`. */
export async function startPrivateDatabase(folder: string, add: Add, prefix: string[] = []) {
  const [dataFolder, socket] = [join(folder, 'data'), join(folder, 'database.sock')]
  mkdirSync(folder, { recursive: true })
  await initialiseDatabase({ dataFolder })
  const pid = startProcess([...prefix, ...databaseCommand({ dataFolder, socket })], {}, add)
  return { pid, url: `mysql://root@localhost/bench?socketPath=${encodeURIComponent(socket)}` }
}
