import { gatherSamples } from '../control-plane/history/gather-samples.ts'
import { historyRepository } from '../control-plane/history/history-repository.ts'
import { partitionRepository } from '../control-plane/history/partition-repository.ts'
import { rollUp } from '../control-plane/history/roll-up.ts'
import { sizeForecast } from '../control-plane/history/size-forecast.ts'
import { hearFleet } from '../control-plane/link/hear-fleet.ts'
import { metricsRepository } from '../control-plane/link/metrics-repository.ts'
import { createLog } from '../shared/runtime/log.ts'
import { sleep } from '../shared/runtime/repeat.ts'
import type { Bench } from './bench-options.ts'
import { fillHistory } from './fill-history.ts'
import { CLOUD, type LoadedFleet, startLoadedFleet } from './loaded-fleet.ts'
import { markdownTable, showMs } from './markdown-table.ts'
import { logIn } from './measure-pages.ts'
import { median } from './percentiles.ts'
import { simulatedNode } from './simulated-node.ts'
import { stopsInTurn } from './stops-in-turn.ts'

const NODES = 5000
const LOADS = 11
const BEAT_MS = 30_000
const SECONDS = 60

/** What an operator waits for when five thousand nodes beat and a day of their measurements is kept, and what keeping it takes. */
export async function measureConsole({ seconds = SECONDS, say }: Bench, nodes = NODES): Promise<void> {
  const cleanUp = stopsInTurn()
  try {
    const fleet = await startLoadedFleet(cleanUp.add)
    await fleet.enrol(nodes)
    const filled = await fillHistory(fleet.db, fleet.ids(), new Date())
    say(`${filled.rows} rows of history for ${nodes} nodes, written in ${filled.seconds.toFixed(0)} s\n`)
    await fleet.join(0, { withinMs: BEAT_MS, claims: true })
    await sleep(2 * BEAT_MS)
    for (const line of markdownTable(['pages', 'measured', 'goal'], await pages(fleet))) say(line)
    say('')
    const rows = [
      await steady(fleet, seconds),
      await rolled(fleet),
      await fastest(fleet, seconds / 3),
      ...(await sizes(fleet)),
    ]
    for (const line of markdownTable(['measurements', 'measured', 'goal'], rows)) say(line)
  } finally {
    await cleanUp.run()
  }
}

async function pages(fleet: LoadedFleet): Promise<string[][]> {
  const cookie = await logIn(fleet)
  const asked: [what: string, path: (id: string) => string, goal: string][] = [
    ['overview', () => '/console', '≤ 300 ms'],
    ['list of nodes', () => '/console/nodes', '≤ 300 ms'],
    ['the same, searched and sorted', () => '/console/nodes?q=127.16&sort=name', '≤ 300 ms'],
    ['one node', (id) => `/console/nodes/${id}`, ''],
    ['page of charts, 24 h', (id) => `/console/nodes/${id}/charts?range=24h`, ''],
    ['data of a chart, 24 h, all series', (id) => `/v1/nodes/${id}/history?range=24h`, '≤ 100 ms'],
    ['the same, CPU only', (id) => `/v1/nodes/${id}/history?range=24h&series=cpu`, '≤ 100 ms'],
    ['data of a chart, 1 h', (id) => `/v1/nodes/${id}/history?range=1h`, ''],
    ['data of a chart, 1 year', (id) => `/v1/nodes/${id}/history?range=1y`, ''],
  ]
  const rows = []
  for (const [what, path, goal] of asked) {
    const each = []
    for (let at = 0; at < LOADS; at += 1) each.push(await loadMs(path(fleet.ids()[at * 431] ?? ''), cookie))
    rows.push([
      `${what}: median, longest of ${LOADS}`,
      `${showMs(median(each))}, ${showMs(Math.max(...each))}`,
      goal,
    ])
  }
  return rows
}

async function loadMs(path: string, cookie: string): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(CLOUD + path, { headers: { cookie } })
  await answer.text()
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`)
  return performance.now() - startedAt
}

/** What comes over the broker in whole minutes, against what is written of it. */
async function steady({ db, tally }: LoadedFleet, seconds: number): Promise<string[]> {
  const minute = Math.floor(Date.now() / 60_000) + 1
  await sleep(minute * 60_000 - Date.now())
  const { links, beatMs } = await tally(Math.max(60, seconds))
  await sleep(15_000) // until it is written
  const rows = await db.selectFrom('metrics_raw').select('node_id').where('minute', '=', minute).execute()
  return [
    'over the broker, a second; nodes of which the minute is kept; heartbeat p99 meanwhile',
    `${(links.published / Math.max(60, seconds)).toFixed(0)}; ${rows.length}; ${beatMs.p99.toFixed(0)} ms`,
    'all; p99 ≤ 50 ms',
  ]
}

/** The last whole hour, by this process. */
async function rolled({ db }: LoadedFleet): Promise<string[]> {
  const history = historyRepository(db)
  const hour = Math.floor(Date.now() / 3_600_000) - 1
  await history.saveRolledUpTo('hours', hour)
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await rollUp({ history, signal: new AbortController().signal }, new Date((hour + 1) * 3_600_000 + 730_000))
  const { user, system } = process.cpuUsage(before)
  const [took, used] = [(performance.now() - startedAt) / 1000, (user + system) / 1e6]
  return ['an hour of all nodes rolled up; of it processor', `${took.toFixed(1)} s; ${used.toFixed(1)} s`, '']
}

/** As fast as one thread understands, gathers and writes them; the broker would take another. */
async function fastest({ db, ids }: LoadedFleet, seconds: number): Promise<string[]> {
  const log = createLog('bench', () => {})
  const failed: unknown[] = []
  const samples = gatherSamples({
    history: historyRepository(db),
    log,
    report: (error) => failed.push(error),
  })
  const fleet = hearFleet({
    metrics: metricsRepository(db),
    measured: samples.take,
    seemsGone: () => {},
    log,
  })
  const text = JSON.stringify(simulatedNode(1).metrics())
  const startedAt = performance.now()
  let heard = 0
  while (performance.now() - startedAt < seconds * 1000) {
    for (const id of ids().slice(0, 1000)) fleet.hear(`fleet/${id}/metrics`, text)
    heard += Math.min(1000, ids().length)
    await sleep(0)
  }
  await Promise.all([fleet.stop(), samples.stop()])
  const took = (performance.now() - startedAt) / 1000
  if (failed.length > 0) throw failed[0]
  return ['the most that one thread takes in and writes, a second', (heard / took).toFixed(0), '≥ 1000']
}

async function sizes({ db, ids }: LoadedFleet): Promise<string[][]> {
  const { tables, filled } = sizeForecast(await partitionRepository(db).sizes(), ids().length)
  return [
    ...tables.map(({ table, perNodeDay }) => [
      `${table}, a node and day`,
      `${(perNodeDay / 1000).toFixed(1)} kB`,
      '',
    ]),
    [`all of it once filled, ${ids().length} nodes`, `${(filled / 1e9).toFixed(1)} GB`, ''],
  ]
}
