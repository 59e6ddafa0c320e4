import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freshDatabaseUrl, silentLog } from '../../tests/setup/fresh-database.ts'
import { openDatabase } from './database.ts'
import { databaseSentence, recogniseDatabaseAway } from './database-away.ts'

test('several processes may start at once on an empty server', async () => {
  const url = freshDatabaseUrl()
  const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase(url, silentLog)))
  const tables = await sql`show tables like 'stream%'`.execute(opened[0] ?? expect.fail())
  expect(tables.rows.length).toBeGreaterThan(3)
  await Promise.all(opened.map((db) => db.destroy()))
})

test('the tables are made from a checkout whose folder has a name that means something in a URL', async () => {
  const folder = await mkdtemp(`${tmpdir()}/sixcast 100%20 #1 what?-`)
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(import.meta.dirname, `${folder}/database`, { recursive: true })
  await symlink(`${import.meta.dirname}/../../node_modules`, `${folder}/node_modules`)
  const make = `
    import { pathToFileURL } from 'node:url'
    const [folder, url] = process.argv.slice(1)
    const { openDatabase } = await import(pathToFileURL(folder + '/database/database.ts').href)
    await (await openDatabase(url, { info() {} })).destroy()`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', make, folder, freshDatabaseUrl()])
})

test('time is kept to the millisecond and in UTC, text in all of Unicode, yes and no as such', async () => {
  const db = await openDatabase(freshDatabaseUrl(), silentLog)
  const stream = {
    name: 'a',
    title: 'Zürich 🎥',
    description: '',
    open: true,
    created_at: new Date('2026-03-29T01:30:00.123Z'),
  }
  await db.insertInto('stream').values(stream).execute()
  expect(await db.selectFrom('stream').selectAll().executeTakeFirst()).toMatchObject(stream)
  await db.destroy()
})

test('a database that is away is waited for, with one line of log', async () => {
  const lines: string[] = []
  const url = 'mysql://root@localhost/sixcast?socketPath=/nowhere/database.sock'
  await expect(
    openDatabase(
      url,
      createLog('test', (line) => lines.push(line)),
      700,
    ),
  ).rejects.toThrow(/does not answer/)
  expect(lines).toHaveLength(1)
})

test('tables that cannot be brought to this release are said so, and no connection is left', async () => {
  const url = freshDatabaseUrl()
  const db = await openDatabase(url, silentLog)
  await sql`insert into kysely_migration values ('9999-of-a-later-release', '')`.execute(db)
  await expect(openDatabase(url, silentLog)).rejects.toThrow(/tables .* this release needs/)
  const connections = sql`select id from information_schema.processlist where db = database()`
  // The server takes note of a line that was closed a moment later.
  await vi.waitFor(async () => expect((await connections.execute(db)).rows).toHaveLength(1))
  await db.destroy()
})

test('what a database says is said to be its', async () => {
  const db = await openDatabase(freshDatabaseUrl(), silentLog)
  const wrong = await sql`select nothing from nowhere`.execute(db).catch((error: unknown) => error)
  expect(databaseSentence(wrong)).toMatch(/^The database refuses: .*nowhere/)
  expect(databaseSentence(new Error('There is no stream a.'))).toBeUndefined()
  await db.destroy()
})

test('a lost database is told as unavailable, a wrong statement is a bug', async () => {
  const db = await openDatabase(freshDatabaseUrl(), silentLog)
  const wrong = await sql`select nothing from nowhere`.execute(db).catch((error: unknown) => error)
  expect(recogniseDatabaseAway(wrong)).toBeUndefined()
  const killed = await db.connection().execute(async (connection) => {
    const { rows } = await sql<{ id: number }>`select connection_id() as id`.execute(connection)
    const waiting = sql`select sleep(30)`.execute(connection).catch((error: unknown) => error)
    await sql`kill connection ${sql.lit(rows[0]?.id ?? 0)}`.execute(db)
    return await waiting
  })
  expect(recogniseDatabaseAway(killed)).toMatchObject({ code: 'unavailable' })
  expect(databaseSentence(killed)).toBe('The database does not answer. Try again in some seconds.')
  expect((await sql`select 1`.execute(db)).rows).toHaveLength(1)
  await db.destroy()
})
