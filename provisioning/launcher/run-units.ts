import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { writeAtomically } from '../../shared/runtime/atomic-file.ts'
import { type Supervised, superviseProcess } from '../../shared/runtime/supervise.ts'
import { openUnitLog, type UnitLog } from './unit-log.ts'
import type { Unit } from './unit-plan.ts'

export type RunningUnits = ReturnType<typeof runUnits>

export type UnitEnd = { unit: string; how: string; failures: number }

type Dependencies = {
  units: Unit[]
  logFolder: string
  /** Name and process of each running unit, for tools and people. */
  unitsFile: string
  /** What every unit gets besides its own: PATH and the like. */
  env: Record<string, string>
  restarted: (end: UnitEnd) => void
}

/** Holds the units up as an init system would: each in its own process group, started again with back-off, logged to a file. */
export function runUnits({ units, logFolder, unitsFile, env, restarted }: Dependencies) {
  const running = new Map<string, { supervised: Supervised; log: UnitLog }>()
  const pids: Record<string, number> = {}
  const failures = new Map<string, number>()
  const byName = new Map(units.map((unit) => [unit.name, unit]))
  let closing = false

  function note(name: string, pid: number | undefined) {
    if (pid) pids[name] = pid
    else delete pids[name]
    try {
      writeAtomically(unitsFile, JSON.stringify(pids, null, 2))
    } catch {
      // A full disk must not take the fleet down for the sake of a list.
    }
  }

  function start(name: string) {
    const unit = byName.get(name)
    if (!unit || closing || running.has(name)) return
    const log = openUnitLog(`${logFolder}/${name}.log`)
    let lastEnd: UnitEnd | undefined
    const supervised = superviseProcess({
      rules: { ...RULES, killAfterMs: unit.killAfterMs },
      tickMs: 100,
      report: (error) => log.write(`${error}\n`),
      spawn() {
        if (lastEnd) restarted(lastEnd)
        const child = spawnUnit(unit, env, log)
        note(name, child.pid)
        return child
      },
      ended({ code, signal, ordered, failures: inARow }) {
        note(name, undefined)
        if (ordered) return
        failures.set(name, inARow)
        lastEnd = { unit: name, how: signal ? `killed by ${signal}` : `exit code ${code}`, failures: inARow }
      },
    })
    running.set(name, { supervised, log })
    supervised.order(true)
  }

  /** Holds them down until they are started again. */
  async function hold(names: string[]) {
    await Promise.all(
      names.map(async (name) => {
        const unit = running.get(name)
        await unit?.supervised.stop()
        unit?.log.close()
        running.delete(name)
      }),
    )
  }

  /** Nothing starts any more once the first unit was told to stop. */
  async function stop(names: string[]) {
    closing = true
    await hold(names)
  }

  return {
    units: byName,
    start,
    hold,
    stop,
    /** Whether it is to run, be it that it has just died. */
    isStarted: (name: string) => running.has(name),
    /** The process that leads a unit, while it runs. */
    pid: (name: string): number | undefined => pids[name],
    failures: (name: string) => failures.get(name) ?? 0,
    lastWords: (name: string) => running.get(name)?.log.lastWords() ?? '',
  }
}

const RULES = {
  backoff: { firstMs: 300, longestMs: 10_000 },
  stallMs: Number.POSITIVE_INFINITY,
  steadyMs: 10_000,
}

function spawnUnit(
  { command, env, staleSockets, deathSignal }: Unit,
  common: Record<string, string>,
  log: UnitLog,
) {
  for (const socket of staleSockets) rmSync(socket, { force: true })
  // setpriv becomes the program itself, so the pid is the unit's own.
  const child = spawn('setpriv', [`--pdeathsig=${deathSignal}`, '--', ...command], {
    env: { ...common, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', log.write)
  }
  return child
}
