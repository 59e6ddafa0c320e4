import { mkdirSync } from 'node:fs'
import { operatorCommands } from '../launcher/operator-commands.ts'
import { prepareFiles } from '../launcher/prepare-files.ts'
import { type RunningUnits, runUnits } from '../launcher/run-units.ts'
import { knownFleet, startFleet } from '../launcher/start-fleet.ts'
import { openStateFolders, type StateFolders } from '../launcher/state-folders.ts'
import type { Terminal } from '../launcher/terminal.ts'
import { controlPlaneSettings, type FleetPlan } from '../launcher/unit-plan.ts'
import { buildNetwork, type LabNetwork, nodesHaveAddresses } from './lab-network.ts'
import { labConfigs, labUnits, publicUrl, routerFile } from './lab-units.ts'
import type { SiteKind } from './sites.ts'
import { CLOUD, OUTSIDE } from './topology.ts'

export type Lab = {
  nodes: number
  root: string
  node: string
  env: Record<string, string>
  folders: StateFolders
  running: RunningUnits
  network: LabNetwork
  commands: ReturnType<typeof operatorCommands>
  screen: Terminal
  /** Of the operator. */
  password: string
}

type Start = {
  /** Where nodes stand, the first for node 1. */
  kinds: SiteKind[]
  root: string
  node: string
  env: Record<string, string>
  /** Where all of it is kept; nobody needs it afterwards. */
  state: string
  screen: Terminal
}

/** Builds the network of a lab and starts a fleet in it: the launcher's, its units spread over the places. */
export async function startLab({ kinds, root, node, state, screen, ...start }: Start): Promise<Lab> {
  const folders = openStateFolders(state, { compileCache: start.env.NODE_COMPILE_CACHE })
  const env = { PROBE_CONTROLS: OUTSIDE, ...start.env, TMPDIR: `${folders.state}/temporary` }
  mkdirSync(env.TMPDIR)
  const nodes = kinds.length
  const plan: FleetPlan = {
    ...{ root, node, nodes, folders, demo: false, publicUrl: publicUrl(kinds), trustedProxies: [] },
    // The relay listens for everybody; where the rest does, the lab says itself.
    lan: true,
    addresses: { hasIpv6Loopback: true, lan: [CLOUD.ipv6, CLOUD.ipv4] },
  }
  const running = runUnits({
    units: labUnits(plan, kinds),
    logFolder: folders.logs,
    unitsFile: folders.units,
    env,
    restarted: ({ unit, how }) => screen.event(`${unit} died (${how}) and was restarted`),
  })
  const announce = () => {
    const routers = running.pid('routers')
    if (routers) process.kill(routers, 'SIGHUP')
  }
  const network = await screen.step('network', () =>
    buildNetwork({ kinds, env, routerFile: routerFile(folders), announce }),
  )
  running.start('routers')
  prepareFiles(plan, labConfigs)
  await screen.step('addresses', () => nodesHaveAddresses(kinds, env))
  const { password = '' } = await startFleet({ plan, known: knownFleet(plan), running, screen, env })
  const commands = operatorCommands({
    ...{ node, root },
    env: { ...env, ...controlPlaneSettings(plan), NODE_COMPILE_CACHE: folders.compileCache },
  })
  return { nodes, root, node, env, folders, running, network, commands, screen, password }
}
