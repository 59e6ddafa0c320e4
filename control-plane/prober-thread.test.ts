import { createConnection } from 'mysql2/promise'
import { expect, test, vi } from 'vitest'
import { freshDatabaseUrl } from '../tests/setup/fresh-database.ts'
import type { ProberSettings } from './prober-thread.ts'
import { startThread } from './threads/start-thread.ts'

const settings = (databaseUrl: string): ProberSettings => ({
  databaseUrl,
  rules: { ports: [8084], loopback: true },
  controls: [],
})

const startProber = (databaseUrl: string, died: (error: unknown) => void) =>
  startThread(new URL('prober-thread.ts', import.meta.url), settings(databaseUrl), { died })

async function ask(databaseUrl: string, statement: string): Promise<unknown> {
  const database = await createConnection(databaseUrl)
  const [rows] = await database.query(statement).finally(() => database.end())
  return rows
}

test('it takes its turn, asks whom it is told to, and gives its turn back when it is stopped', async () => {
  const [url, died] = [freshDatabaseUrl(), vi.fn()]
  const prober = startProber(url, died)
  await prober.ask('probeNow', 'a-node-that-nobody-knows')
  await prober.ask('watchClosely', 'a-node-that-nobody-knows')
  const turn = "select count(*) as held from process_turn where name = 'prober' and until > utc_timestamp(3)"
  await vi.waitFor(async () => expect(await ask(url, turn)).toEqual([{ held: 1 }]), 10_000)
  await prober.stop()
  expect(await ask(url, turn)).toEqual([{ held: 0 }])
  expect(died).not.toHaveBeenCalled()
})

test('one that still waits for the database is stopped all the same, and that is no accident', async () => {
  const died = vi.fn()
  await startProber('mysql://root@127.0.0.1:9/nowhere', died).stop()
  expect(died).not.toHaveBeenCalled()
}, 20_000)

test('one that cannot go on says so, and nobody waits for it', async () => {
  const [url, died] = [freshDatabaseUrl(), vi.fn()]
  await startProber(url, died).stop()
  await ask(url, "insert into kysely_migration values ('9999-of-a-later-release', '')")
  const prober = startProber(url, died)
  await prober.ask('probeNow', 'a-node')
  await expect(prober.ready).rejects.toThrow('tables of the database')
  expect(died, 'it never began').not.toHaveBeenCalled()
})
