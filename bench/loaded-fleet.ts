import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../control-plane/database/database.ts'
import { SWEPT_SELDOM } from '../provisioning/launcher/unit-plan.ts'
import { createLog } from '../shared/runtime/log.ts'
import { eventually, expectStatus } from '../tests/system/eventually.ts'
import { judgeFleet, type Truth } from './fleet-judgement.ts'
import type { FleetOrder, FleetTally, MadeNodes } from './simulate-fleet.ts'
import { type Add, startPrivateDatabase, startProcess } from './start-process.ts'

export type LoadedFleet = Awaited<ReturnType<typeof startLoadedFleet>>

export const CLOUD = 'http://127.0.0.1:9090'
const AT_ONCE = 500

/** One control plane with its database, each a process as in production, and a third that is all of the nodes. */
export async function startLoadedFleet(add: Add) {
  // Not in memory: how often the database waits for the disk is a part of what is measured.
  const folder = mkdtempSync('/var/tmp/sixcast-bench-')
  add(async () => rmSync(folder, { recursive: true, force: true }))
  const database = await startPrivateDatabase(folder, add)
  const db = await openDatabase(
    database.url,
    createLog('bench', () => {}),
  )
  add(() => db.destroy())
  const controlPlane = startProcess(
    [process.execPath, join(import.meta.dirname, '../control-plane/main.ts')],
    { DATABASE_URL: database.url, BIND: '127.0.0.1', NODE_OPTIONS: SWEPT_SELDOM },
    add,
  )
  await eventually(() => expectStatus(`${CLOUD}/health`, 200))
  const order = startSimulator(add)
  const truth = new Map<string, Truth>()
  const fallen = new Set<string>()
  const ids: string[] = []

  return {
    db,
    pids: { controlPlane, database: database.pid },
    size: () => ids.length,
    ids: () => ids,
    tally: (seconds: number) => order<FleetTally>({ do: 'tally', seconds }),
    /** New nodes; they do not beat yet. */
    async enrol(count: number) {
      const made = await order<MadeNodes>({ do: 'make', nodes: count })
      await writeNodes(db, made)
      for (const { id } of made) truth.set(id, 'well')
      ids.push(...made.map(({ id }) => id))
    },
    join: (from: number, options: { withinMs: number; claims: boolean }) =>
      order({ do: 'join', from, to: ids.length, ...options }),
    async befall(nodes: number[], is: Truth) {
      await order({ do: 'befall', nodes, is })
      for (const at of nodes) {
        truth.set(ids[at] ?? '', is)
        if (is !== 'well') fallen.add(ids[at] ?? '')
      }
    },
    /** Of what the control plane says, what is true. */
    async judge() {
      const rows = await db.selectFrom('standing').select(['node_id', 'state']).execute()
      return judgeFleet(truth, new Map(rows.map(({ node_id, state }) => [node_id, state])), fallen)
    },
  }
}

function startSimulator(add: Add) {
  const child = fork(join(import.meta.dirname, 'simulate-fleet.ts'))
  add(async () => {
    const closed = once(child, 'close')
    child.kill()
    await closed
  })
  /** One at a time. */
  return async <Answer>(order: FleetOrder): Promise<Answer> => {
    child.send(order)
    const [answer] = await once(child, 'message')
    return answer
  }
}

/** As enrolment writes them; ten thousand claims would be another measurement. */
async function writeNodes(db: Database, nodes: MadeNodes) {
  const enrolled_at = new Date()
  for (let from = 0; from < nodes.length; from += AT_ONCE) {
    const some = nodes.slice(from, from + AT_ONCE)
    await db
      .insertInto('node')
      .values(
        some.map(({ id, publicKey, address }) => ({
          id,
          public_key: publicKey,
          name: `node at ${address}`,
          hardware: 'simulated',
          enrolled_at,
        })),
      )
      .execute()
    await db
      .insertInto('lease')
      .values(some.map(({ id }) => ({ node_id: id })))
      .execute()
  }
}
