import { accessSync, constants } from 'node:fs'
import { Refusal } from './refusal.ts'

const PROGRAMS = ['nginx', 'ffmpeg', 'setpriv', 'prlimit', 'flock']
const DATABASE = ['mariadbd']

/** Refuses when a program is missing that the fleet runs. */
export function refuseMissingPrograms(path: string, { database }: { database: boolean }): void {
  const missing = [...PROGRAMS, ...(database ? DATABASE : [])].filter((program) => !isInPath(program, path))
  if (missing.length > 0)
    throw new Refusal(
      `Not found on this machine: ${missing.join(', ')}. bash provisioning/setup.sh run installs what is missing.`,
    )
}

function isInPath(program: string, path: string): boolean {
  return path.split(':').some((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
