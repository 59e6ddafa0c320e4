import { existsSync } from 'node:fs'
import { writeAtomically } from '../../shared/runtime/atomic-file.ts'
import { initialiseDatabase } from '../database/private-database.ts'
import { becomesMember } from './becomes-member.ts'
import { databaseRefusal } from './database-refusal.ts'
import { demoKeyFile } from './demo-publisher.ts'
import { type KnownFleet, readKnownFleet } from './known-fleet.ts'
import { operatorCommands } from './operator-commands.ts'
import { becomesPlayable } from './playable.ts'
import { bringUp } from './readiness.ts'
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

/** What need not be done again. A node whose key or papers somebody removed is a new one. */
export function knownFleet({ folders, databaseUrl }: FleetPlan): KnownFleet {
  const isNew = !databaseUrl && !existsSync(`${folders.database}/mysql`)
  const known = readKnownFleet(folders.known, databaseUrl ?? 'private', isNew)
  const demo = known.demo && existsSync(folders.demoKey)
  return { ...known, demo, nodes: known.nodes.filter((n) => hasIdentity(folders.node(n).agent)) }
}

const hasIdentity = (agentFolder: string) =>
  ['node.key', 'identity.json'].every((file) => existsSync(`${agentFolder}/${file}`))

/**
 * Starts everything, each part as early as it can. Where earlier starts have made claims and streams, the demo does not
 * wait for the control plane. Gives back the operator's password if this was the first start.
 */
export async function startFleet(starting: Starting): Promise<{ password: string | undefined }> {
  const { plan, known, running, screen } = starting
  const nodes = nodeNumbers(plan)
  const demoIsKnown = known.demo && known.nodes.includes(1)

  const nodesUp = startNodes(starting, nodes)
  const governed = startControlPlane(starting)
  const introduced = governed.then(() => introduce(starting, nodes))
  const live = plan.demo
    ? (demoIsKnown ? nodesUp : Promise.all([nodesUp, introduced])).then(startDemo)
    : undefined

  const [, { password }] = await Promise.all([nodesUp, introduced, live])
  return { password }

  async function startDemo() {
    await screen.step('stream live', async () => {
      running.start('demo')
      const lastWords = () => `Its encoder said last: ${running.lastWords('demo') || 'nothing'}`
      const manifest = `http://127.0.0.1:${PORTS.playback}/streams/demo/index.m3u8`
      await becomesPlayable({ manifest, location: DEMO_LOCATION }, lastWords)
    })
  }
}

/** Where the control plane says that it is. */
const DEMO_LOCATION = `http://127.0.0.1:${PORTS.controlPlane}/streams/demo`

/** RTMP, playback and media of each node and the relay. */
async function startNodes({ plan, running, screen }: Starting, nodes: number[]) {
  const media = nodes.flatMap((n) => [`node-${n}-rtmp`, `node-${n}-nginx`, `node-${n}-media`])
  await screen.step(nodes.length === 1 ? 'node servers' : `servers of ${nodes.length} nodes`, () =>
    bringUp(running, [...media, 'relay'], plan.folders.logs),
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

/**
 * Brings the nodes into the fleet: their agents begin now, for one that finds no control plane waits seconds before it tries
 * again. Claims for new ones, the open stream, the demo with its key and a password: once in the life of a state folder.
 */
async function introduce({ plan, known, running, screen, env }: Starting, nodes: number[]) {
  const { folders } = plan
  const strangers = nodes.filter((n) => !known.nodes.includes(n))
  const commands = operatorCommands({
    ...plan,
    env: { ...env, ...controlPlaneSettings(plan), NODE_COMPILE_CACHE: folders.compileCache },
  })
  const enrol = (n: number) =>
    screen.step(`node ${n} enrolled`, async () => {
      const { claim, agent, agentSocket } = folders.node(n)
      if (strangers.includes(n)) writeAtomically(claim, await commands.claim(), { mode: 0o600 })
      await bringUp(running, [`node-${n}-agent`], folders.logs)
      const lastWords = () => running.lastWords(`node-${n}-agent`)
      await becomesMember({ n, agentSocket, agentFolder: agent, known: folders.known, lastWords })
    })
  const addDemo = async () => {
    await commands.addStream('demo', 'Test picture')
    writeAtomically(folders.demoKey, demoKeyFile(await commands.streamKey('demo')), { mode: 0o600 })
  }
  const missesDemo = plan.demo && !known.demo

  const [password] = await Promise.all([
    known.streams ? undefined : commands.firstPassword(),
    known.streams ? undefined : commands.addOpenStream('golive', 'Go live'),
    missesDemo ? addDemo() : undefined,
    ...nodes.map(enrol),
  ])
  if (strangers.length > 0 || !known.streams || missesDemo)
    writeAtomically(
      folders.known,
      `${JSON.stringify({ ...known, nodes: [...known.nodes, ...strangers], streams: true, demo: known.demo || plan.demo })}\n`,
      { mode: 0o600 },
    )
  return { password }
}
