import { sleep } from '../shared/runtime/repeat.ts'
import type { Bench } from './bench-options.ts'
import { countedSince, type DatabaseCounters, readCounters } from './database-counters.ts'
import { type LoadedFleet, startLoadedFleet } from './loaded-fleet.ts'
import { markdownTable, showMegabytes, showPercent } from './markdown-table.ts'
import { measureFailing } from './measure-failing.ts'
import { measurePages } from './measure-pages.ts'
import { useOfGroup } from './process-use.ts'
import type { FleetTally } from './simulate-fleet.ts'
import { stopsInTurn } from './stops-in-turn.ts'

const SIZES = [1000, 3000, 5000, 10_000]
/** With this fleet people look at it, too. */
const PAGES_AT = 5000
const SECONDS = 45
const BEAT_MS = 30_000
const LONGEST_ARRIVAL_MS = 120_000

/** What a fleet of simulated nodes costs one control plane as it grows, and what it sees when a tenth of it fails at once. */
export async function measureFleetLoad(
  { seconds = SECONDS, say }: Bench,
  sizes = SIZES,
  failing = true,
): Promise<void> {
  const cleanUp = stopsInTurn()
  try {
    const fleet = await startLoadedFleet(cleanUp.add)
    const perBeat = await statementsPerBeat(fleet, sizes[0] ?? 0)
    const measured: Size[] = []
    for (const size of sizes) {
      const arrivedSeconds = await growTo(fleet, size)
      const found = await measureSize(fleet, seconds, arrivedSeconds)
      measured.push(found)
      say(`${size} nodes: heartbeat ${showBeats(found.tally)}`)
      if (size === PAGES_AT) await measurePages(fleet, say)
    }
    say('')
    sayTable(measured, say)
    say(`\n${perBeat.toFixed(2)} statements per heartbeat, measured by beats of nodes that are not probed.\n`)
    if (failing) await measureFailing(fleet, say)
  } finally {
    await cleanUp.run()
  }
}

function sayTable(sizes: Size[], say: (line: string) => void) {
  const head = ['nodes', ...sizes.map(({ nodes }) => String(nodes)), 'goal']
  const rows = ROWS.map(([what, goal, show]) => [what, ...sizes.map(show), goal])
  for (const line of markdownTable(head, rows)) say(line)
}

/** The first beat of a lease is another one: the second is what nearly all are. */
async function statementsPerBeat(fleet: LoadedFleet, first: number): Promise<number> {
  const withinMs = 5000
  await fleet.enrol(first)
  await fleet.join(0, { withinMs, claims: false })
  await sleep(withinMs + 1000)
  const idle = await statementsWithin(fleet, withinMs + 1000)
  await fleet.join(0, { withinMs, claims: false })
  return ((await statementsWithin(fleet, withinMs + 1000)) - idle) / first
}

async function statementsWithin({ db }: LoadedFleet, ms: number): Promise<number> {
  const before = await readCounters(db)
  await sleep(ms)
  return countedSince(before, await readCounters(db)).statements
}

/** Answers how long after the last newcomer's first beat every node is known to be healthy. */
async function growTo(fleet: LoadedFleet, size: number): Promise<number> {
  const known = fleet.size() < size ? fleet.size() : 0
  if (fleet.size() < size) await fleet.enrol(size - fleet.size())
  await fleet.join(known, { withinMs: BEAT_MS, claims: true })
  await sleep(BEAT_MS)
  const startedAt = Date.now()
  while ((await fleet.judge()).seen < size && Date.now() - startedAt < LONGEST_ARRIVAL_MS) await sleep(1000)
  return (await fleet.judge()).seen < size ? Number.NaN : (Date.now() - startedAt) / 1000
}

type Size = {
  nodes: number
  seconds: number
  arrivedSeconds: number
  tally: FleetTally
  done: DatabaseCounters
  controlPlane: Used
  database: Used
}
type Used = { cores: number; memoryBytes: number }

async function measureSize(fleet: LoadedFleet, seconds: number, arrivedSeconds: number): Promise<Size> {
  const { db, pids } = fleet
  const use = () => ({
    controlPlane: useOfGroup(pids.controlPlane),
    database: useOfGroup(pids.database),
  })
  const [counters, before] = [await readCounters(db), use()]
  const tally = await fleet.tally(seconds)
  const [done, after] = [countedSince(counters, await readCounters(db)), use()]
  const used = (name: keyof typeof after) => ({
    cores: (after[name].cpuSeconds - before[name].cpuSeconds) / seconds,
    memoryBytes: after[name].memoryBytes,
  })
  return {
    nodes: fleet.size(),
    seconds,
    arrivedSeconds,
    tally,
    done,
    controlPlane: used('controlPlane'),
    database: used('database'),
  }
}

const ROWS: [what: string, goal: string, show: (size: Size) => string][] = [
  ['heartbeats per second', '', ({ tally, seconds }) => (tally.beats / seconds).toFixed(0)],
  [
    'heartbeat, p50 / p95 / p99 / longest, from when it was due',
    'p99 ≤ 50 ms',
    ({ tally }) => showBeats(tally),
  ],
  ['heartbeats that failed', '0', ({ tally }) => failures(tally.failed)],
  [
    'metric messages per second',
    '1000 at 10,000 nodes',
    ({ tally, seconds }) => (tally.links.published / seconds).toFixed(0),
  ],
  [
    'links held (lost, refused)',
    'all',
    ({ tally: { links } }) => `${links.open} (${links.lost}, ${links.refused})`,
  ],
  ['probes per second', '', ({ tally, seconds }) => (tally.probes / seconds).toFixed(0)],
  ['all healthy after the last arrival', '', ({ arrivedSeconds }) => showWhole(arrivedSeconds)],
  ['statements per node and minute', 'flat', (size) => perNodeMinute(size.done.statements, size)],
  ['commits per node and minute', '', (size) => perNodeMinute(size.done.commits, size)],
  ['syncs to disk per second', '', ({ done, seconds }) => (done.syncs / seconds).toFixed(0)],
  ['control plane, of one core', '', ({ controlPlane }) => showPercent(100 * controlPlane.cores)],
  ['database, of one core', '', ({ database }) => showPercent(100 * database.cores)],
  [
    'control plane, memory (PSS)',
    'flat per node',
    ({ controlPlane }) => showMegabytes(controlPlane.memoryBytes),
  ],
  ['database, memory (PSS)', 'flat per node', ({ database }) => showMegabytes(database.memoryBytes)],
  [
    'simulator, of one core; itself late by (p99)',
    '',
    ({ tally, seconds }) =>
      `${showPercent((100 * tally.cpuSeconds) / seconds)}; ${tally.ownDelayMs.toFixed(0)} ms`,
  ],
]

const showBeats = ({ beatMs: { p50, p95, p99, longest } }: FleetTally) =>
  `${[p50, p95, p99, longest].map((ms) => ms.toFixed(1)).join(' / ')} ms`

const showWhole = (seconds: number) =>
  Number.isNaN(seconds) ? 'not within the time' : `${seconds.toFixed(0)} s`

const perNodeMinute = (count: number, { nodes, seconds }: Size) => ((60 * count) / seconds / nodes).toFixed(1)

function failures(failed: Record<string, number>): string {
  const all = Object.entries(failed)
  return all.length === 0 ? '0' : all.map(([cause, times]) => `${times} × ${cause}`).join(', ')
}
