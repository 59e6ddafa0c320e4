import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { uptime } from 'node:process'
import { refuseBusyPorts } from './busy-ports.ts'
import { closingTable } from './closing-table.ts'
import { formerRunEnded } from './former-run.ts'
import type { LaunchOptions } from './launch-options.ts'
import type { MachineAddresses } from './machine-addresses.ts'
import { prepareFiles } from './prepare-files.ts'
import { refuseMissingPrograms } from './programs.ts'
import { type RunningUnits, runUnits } from './run-units.ts'
import { knownFleet, startFleet } from './start-fleet.ts'
import { openStateFolders } from './state-folders.ts'
import { lockState } from './state-lock.ts'
import type { Terminal } from './terminal.ts'
import { type FleetPlan, planEndpoints, planUnits } from './unit-plan.ts'

type Run = Omit<LaunchOptions, 'help'> & {
  root: string
  node: string
  addresses: MachineAddresses
  databaseUrl: string | undefined
  mqttUrl: string | undefined
  mail: Record<string, string>
  trustedProxies: string[]
  env: { PATH: string } & Record<string, string>
  screen: Terminal
  signal: AbortSignal
}

/** Runs a whole fleet until `signal` aborts, and leaves nothing behind but its state. */
export async function runFleet(run: Run): Promise<void> {
  const { screen, signal, env } = run
  refuseMissingPrograms(env.PATH, { database: !run.databaseUrl })
  const folders = openStateFolders(run.state, { compileCache: run.env.NODE_COMPILE_CACHE })
  const plan: FleetPlan = { ...run, folders }
  const lock = lockState(folders.lock, folders.state)
  await formerRunEnded(folders.units, folders.run)
  await refuseBusyPorts(planEndpoints(plan)).catch((refusal) => {
    rmSync(folders.run, { recursive: true, force: true }) // ours alone by now, and a refused start leaves nothing
    throw refusal
  })

  screen.say(`Sixcast starts from ${folders.state}`)
  if (run.databaseUrl)
    screen.say(`It uses the database that DATABASE_URL names: ${withoutPassword(run.databaseUrl)}`)
  const running = runUnits({
    units: planUnits(plan),
    logFolder: folders.logs,
    unitsFile: folders.units,
    env,
    restarted: ({ unit, how }) => screen.event(`${unit} died (${how}) and was restarted`),
  })
  const stopped = aborted(signal)
  try {
    const known = knownFleet(plan)
    prepareFiles(plan)
    const started = startFleet({ plan, known, running, screen, env }).then(({ password }) => {
      screen.say(`Ready after ${uptime().toFixed(1)} s.`)
      const elsewhere = resolve(run.state) !== `${run.root}/.sixcast`
      const lan = run.lan ? run.addresses.lan : []
      screen.say(closingTable({ state: folders.state, elsewhere, password, lan }))
    })
    await Promise.race([started, stopped])
    await stopped
    screen.say('\nStopping.')
  } finally {
    await stopUnits(running)
    rmSync(folders.run, { recursive: true, force: true })
    for (const file of [folders.units, folders.settings]) rmSync(file, { force: true })
    lock.release()
  }
}

/** The control plane goes after the nodes, so that it hears their last word; the database after the control plane. */
async function stopUnits(running: RunningUnits) {
  const names = [...running.units.keys()]
  const late = ['control-plane', 'database']
  await running.stop(names.filter((name) => !late.includes(name)))
  for (const name of late) await running.stop([name])
}

function withoutPassword(url: string): string {
  return URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'no URL'
}

async function aborted(signal: AbortSignal) {
  if (!signal.aborted) await once(signal, 'abort')
}
