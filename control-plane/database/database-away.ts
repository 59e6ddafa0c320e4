import { Problem } from '@sixcast/shared/contract/problem.ts'

const AWAY = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
])

/** A database that cannot be asked now is no bug: the caller is told to come again. */
export function recogniseDatabaseAway(error: unknown): Problem | undefined {
  return isDatabaseAway(error)
    ? new Problem('unavailable', 'The database does not answer. Try again in some seconds.')
    : undefined
}

/** What failed, for people who read one line: the database's own words alone do not say that they are its. */
export function databaseSentence(error: unknown): string | undefined {
  const away = recogniseDatabaseAway(error)
  if (away) return away.message
  return error instanceof Error && 'sqlState' in error ? `The database refuses: ${error.message}` : undefined
}

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && AWAY.has(String(error.code))) return true
  if ('syscall' in error && error.syscall === 'connect') return true // ENOENT: the socket is not there yet
  return /closed state|Queue limit reached|Pool is closed/.test(error.message)
}
