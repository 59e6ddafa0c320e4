import { existsSync } from 'node:fs'
import { writeAtomically } from '../../shared/runtime/atomic-file.ts'
import { sleep } from '../../shared/runtime/repeat.ts'
import { initialiseDatabase } from '../database/private-database.ts'
import { databaseRefusal } from './database-refusal.ts'
import { type KnownFleet, readKnownFleet } from './known-fleet.ts'
import { operatorCommands } from './operator-commands.ts'
import { becomesPlayable } from './playable.ts'
import { bringUp } from './readiness.ts'
import { Refusal } from './refusal.ts'
import type { RunningUnits } from './run-units.ts'
import type { StateFolders } from './state-folders.ts'
import type { Terminal } from './terminal.ts'
import { controlPlaneSettings, type FleetPlan, nodeNumbers, PORTS } from './unit-plan.ts'

type Starting = {
  plan: FleetPlan
  known: KnownFleet
  running: RunningUnits
  screen: Terminal
  env: Record<string, string>
}

/** What need not be done again. A node whose folder somebody removed is a new one. */
export function knownFleet({ folders, databaseUrl }: FleetPlan): KnownFleet {
  const isNew = !databaseUrl && !existsSync(`${folders.database}/mysql`)
  const known = readKnownFleet(folders.known, databaseUrl ?? 'private', isNew)
  return { ...known, nodes: known.nodes.filter((n) => existsSync(folders.node(n).agent)) }
}

/**
 * Starts everything, each part as early as it can. Where earlier starts have made claims and streams, the nodes and the
 * demo do not wait for the control plane. Gives back the operator's password if this was the first start.
 */
export async function startFleet(starting: Starting): Promise<{ password: string | undefined }> {
  const { plan, known, running, screen } = starting
  const nodes = nodeNumbers(plan)
  const strangers = nodes.filter((n) => !known.nodes.includes(n))
  const demoIsKnown = known.streams && known.nodes.includes(1)

  const nodesUp = startNodes(starting, nodes)
  const governed = startControlPlane(starting)
  const introduced = governed.then(() => introduce(starting, strangers))
  const live = plan.demo
    ? (demoIsKnown ? nodesUp : Promise.all([nodesUp, introduced])).then(startDemo)
    : undefined

  const [, { password }] = await Promise.all([nodesUp, introduced, live])
  return { password }

  async function startDemo() {
    await screen.step('stream live', async () => {
      running.start('demo')
      const lastWords = () => `Its encoder said last: ${running.lastWords('demo') || 'nothing'}`
      await becomesPlayable(`http://127.0.0.1:${PORTS.playback}/streams/demo/index.m3u8`, lastWords)
    })
  }
}

/** RTMP, playback and media of each node and the relay; the agents of those that are enrolled. */
async function startNodes({ plan, known, running, screen }: Starting, nodes: number[]) {
  const agents = nodes.filter((n) => known.nodes.includes(n)).map((n) => `node-${n}-agent`)
  const media = nodes.flatMap((n) => [`node-${n}-rtmp`, `node-${n}-nginx`, `node-${n}-media`])
  await screen.step(nodes.length === 1 ? 'node servers' : `servers of ${nodes.length} nodes`, () =>
    bringUp(running, [...media, ...agents, 'relay'], plan.folders.logs),
  )
}

async function startControlPlane({ plan, running, screen }: Starting) {
  const { folders, databaseUrl } = plan
  if (!databaseUrl) await screen.step('database', () => startDatabase(folders, running))
  await screen.step('control plane', () => bringUp(running, ['control-plane'], folders.logs))
}

async function startDatabase({ database, logs }: StateFolders, running: RunningUnits) {
  try {
    await initialiseDatabase({ dataFolder: database })
    await bringUp(running, ['database'], logs)
  } catch (error) {
    throw databaseRefusal(error, database)
  }
}

/** Claims for new nodes, the open streams and a password: once in the life of a state folder. */
async function introduce({ plan, known, running, screen, env }: Starting, strangers: number[]) {
  const commands = operatorCommands({
    ...plan,
    env: { ...env, ...controlPlaneSettings(plan), NODE_COMPILE_CACHE: plan.folders.compileCache },
  })
  const enrol = (n: number) =>
    screen.step(`node ${n} enrolled`, async () => {
      const { claim } = plan.folders.node(n)
      writeAtomically(claim, await commands.claim(), { mode: 0o600 })
      await bringUp(running, [`node-${n}-agent`], plan.folders.logs)
      await vanishes(claim, () => running.lastWords(`node-${n}-agent`))
    })
  const addStreams = () =>
    Promise.all([commands.addOpenStream('golive', 'Go live'), commands.addOpenStream('demo', 'Test picture')])

  const [password] = await Promise.all([
    known.streams ? undefined : commands.firstPassword(),
    known.streams ? undefined : addStreams(),
    ...strangers.map(enrol),
  ])
  if (strangers.length > 0 || !known.streams)
    writeAtomically(
      plan.folders.known,
      `${JSON.stringify({ ...known, nodes: [...known.nodes, ...strangers], streams: true })}\n`,
      { mode: 0o600 },
    )
  return { password }
}

/** A node erases its claim when the control plane has taken its first heartbeat. */
async function vanishes(claim: string, lastWords: () => string, patienceMs = 30_000) {
  const giveUpAt = Date.now() + patienceMs
  while (existsSync(claim)) {
    if (Date.now() > giveUpAt) throw new Refusal(`A node does not enrol. Its agent said last: ${lastWords()}`)
    await sleep(40)
  }
}
