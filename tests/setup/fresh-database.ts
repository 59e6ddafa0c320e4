import { randomBytes } from 'node:crypto'
import { afterAll, inject } from 'vitest'
import { openDatabase } from '../../control-plane/database/database.ts'
import { createLog } from '../../shared/runtime/log.ts'

/** An empty database with all tables, for one test file. Closed after it. */
export async function freshDatabase() {
  const url = freshDatabaseUrl()
  const db = await openDatabase(url, silentLog)
  afterAll(() => db.destroy())
  return db
}

/** The URL of a database that does not exist yet. */
export function freshDatabaseUrl(): string {
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/test_${randomBytes(6).toString('hex')}`
  return url.href
}

export const silentLog = createLog('test', () => {})
