import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolOptions } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { isDatabaseAway } from './database-away.ts'
import { migrate } from './migrate.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

const WAIT_MS = 60_000
const TRY_EVERY_MS = 250

/** Connects, waiting up to a minute for a database that is still starting, and brings its tables to the newest form. */
export async function openDatabase(url: string, log: Log, waitMs = WAIT_MS): Promise<Database> {
  await waitForDatabase(url, log, waitMs)
  const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool: createPool(poolOptions(url)) }) })
  try {
    await migrate(db)
    return db
  } catch (error) {
    await db.destroy() // its open connections would keep the process alive
    throw new Error('The tables of the database cannot be brought to the form that this release needs', {
      cause: error,
    })
  }
}

async function waitForDatabase(url: string, log: Log, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs
  for (let waiting = false; ; waiting = true) {
    try {
      return await ensureDatabase(url)
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      if (Date.now() >= until)
        throw new CannotStart(
          `The database does not answer: ${describe(error)}. See whether it runs, and what DATABASE_URL says.`,
        )
      if (!waiting) log.info('waiting for the database', { cause: describe(error) })
      await sleep(TRY_EVERY_MS)
    }
  }
}

/** Makes the database itself only when it is missing, so that an account without that right can be used where it exists. */
async function ensureDatabase(url: string): Promise<void> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: 5000 })
    await connection.end()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ER_BAD_DB_ERROR')) throw error
    const server = new URL(url)
    const name = decodeURIComponent(server.pathname.slice(1))
    server.pathname = '/'
    const connection = await createConnection({ uri: server.href, connectTimeout: 5000 })
    await connection
      .query('create database if not exists ?? character set utf8mb4 collate utf8mb4_bin', [name])
      .finally(() => connection.end())
  }
}

const poolOptions = (uri: string): PoolOptions => ({
  uri,
  charset: 'utf8mb4',
  timezone: 'Z',
  connectionLimit: 10,
  // When the database hangs, requests beyond these are told so instead of being gathered in memory.
  queueLimit: 1000,
  connectTimeout: 5000,
  enableKeepAlive: true,
  supportBigNumbers: true, // numbers beyond 2^53 come as text instead of rounded
  typeCast: (field, next) => {
    if (field.type !== 'TINY' || field.length !== 1) return next()
    const text = field.string()
    return text === null ? null : text === '1'
  },
})
