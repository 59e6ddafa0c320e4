import { promises as fs } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Kysely } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import type { Tables } from './tables.ts'

/**
 * Brings the tables to the newest form. Several processes may do this at once: the migrator holds a lock of the database.
 * MySQL and MariaDB commit each DDL statement by itself, so a migration is one statement: broken off, it is done or not done.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: path.join(import.meta.dirname, 'migrations'),
    // A bare path is read as a URL: a folder's name may hold %, # or ?.
    import: (file) => import(pathToFileURL(file).href),
  })
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
}
