import { errorCode, Refusal } from './refusal.ts'

/** Why the private database does not start, and what its owner can do about it. Anything else is given back as it is. */
export function databaseRefusal(error: unknown, dataFolder: string): unknown {
  const isStart = error instanceof Refusal
  const isForeign = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')
  if (!(isStart || isForeign) || (isStart && SURROUNDINGS.test(error.message))) return error
  const said = isStart ? error.message : 'It is not what MariaDB has made there.'
  return new Refusal(
    `The database's data in ${dataFolder} is damaged. Restore this folder from a copy, or move it away to begin anew: without streams, keys, nodes and password.\n${said}`,
    { cause: error },
  )
}

/** What MariaDB says when its data may well be whole. */
const SURROUNDINGS =
  /No space left|Disk full|Quota exceeded|Read-only file system|Permission denied|Cannot allocate memory|Out of memory|Too many open files|Unable to lock|Can't lock/i
