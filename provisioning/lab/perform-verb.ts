import { readFileSync } from 'node:fs'
import { verdictText } from '../../shared/contract/verdict-words.ts'
import { sleep } from '../../shared/runtime/repeat.ts'
import type { ListedNode } from '../launcher/operator-commands.ts'
import { Refusal } from '../launcher/refusal.ts'
import { audience } from './audience.ts'
import { orderMirror } from './order-mirror.ts'
import { type LabState, nodeStanding, picture } from './picture.ts'
import { playAsViewer } from './play-as-viewer.ts'
import { readConsole } from './read-console.ts'
import { runCommand } from './run-command.ts'
import type { Lab } from './start-lab.ts'
import { switchUnits } from './switch-units.ts'
import { inPlace, nodeAddress, nodeName, nodeNumbers } from './topology.ts'
import { type Standing, unitNames, type Verb, verbUsages } from './verbs.ts'

/** What a verb has to say: to people, and to programs. */
export type Answer = { said: string; data?: unknown }

/** Does what verbs ask of this lab. */
export function performVerb(lab: Lab): (verb: Verb) => Promise<Answer> {
  const { network } = lab
  const units = switchUnits(lab)
  const viewers = audience(lab)

  return async (verb) => {
    switch (verb.name) {
      case 'help':
        return { said: helpText() }
      case 'status':
        return status(lab, units.down())
      case 'publish':
        return { said: await units.publish(verb.node) }
      case 'mirror':
        return orderMirror(lab, verb)
      case 'play':
        return playAsViewer(lab, verb)
      case 'watch':
        return viewers.watch(verb)
      case 'seen':
        return viewers.seen()
      case 'leave':
        return viewers.leave(verb.viewer)
      case 'kill':
      case 'start':
        return { said: await units[verb.name](verb.units) }
      case 'trouble':
        await network.add(verb.trouble)
        return status(lab, units.down())
      case 'renumber':
        await network.renumber(verb.node, verb.how)
        return { said: renumberedWords(lab, verb.node) }
      case 'impostor':
      case 'clone':
        return { said: await units.invite(verb.name, verb.node) }
      case 'verdict':
        return tellVerdict(lab, verb.node)
      case 'console':
        return readConsole(lab)
      case 'heal':
        await network.heal()
        await units.sendAway()
        await units.start(allUnits(lab))
        return status(lab, units.down())
      case 'await':
        return awaitStanding(lab, verb)
      case 'wait':
        await sleep(verb.seconds * 1000)
        return { said: '' }
      case 'log':
        return { said: lastLines(`${lab.folders.logs}/${verb.unit}.log`, verb.lines) }
      case 'in':
        return runInside(lab, verb)
      case 'quit':
        return { said: '' }
    }
  }
}

async function status({ nodes, network, commands }: Lab, down: string[]): Promise<Answer> {
  const listed = await commands.listNodes().catch(() => undefined)
  const sites = nodeNumbers(nodes).map(network.site)
  const [guests, troubles] = [network.guests.places(), network.troubles()]
  const state: LabState = { nodes, sites, guests, troubles, down, listed }
  return { said: picture(state), data: state }
}

async function awaitStanding(
  { commands }: Lab,
  { node, standing, seconds }: Extract<Verb, { name: 'await' }>,
): Promise<Answer> {
  for (const since = Date.now(); ; await sleep(500)) {
    const listed = await commands.listNodes().catch(() => undefined)
    const found = listed?.find(({ name }) => name === nodeName(node))
    const after = (Date.now() - since) / 1000
    const words = `Node ${node}: ${nodeStanding(node, listed)}`
    if (found && STANDS[standing](found))
      return { said: `${words}; after ${after.toFixed(1)} s.`, data: found }
    if (after > seconds) throw new Refusal(`${words}; not ${standing} after ${after.toFixed(1)} s.`)
  }
}

const STANDS: Record<Standing, (node: ListedNode) => boolean> = {
  alive: ({ alive }) => alive?.is === true,
  silent: ({ alive }) => alive?.is === false,
  reachable: ({ reachable }) => reachable.some(({ is }) => is),
  unreachable: ({ reachable }) => reachable.length > 0 && !reachable.some(({ is }) => is),
}

async function runInside({ env }: Lab, { place, command }: Extract<Verb, { name: 'in' }>): Promise<Answer> {
  const { code, said } = await runCommand(inPlace(place, ['sh', '-c', command]), { env, timeout: 60_000 })
  if (code !== 0) throw new Refusal(said || `It ended with ${code ?? 'a signal'}.`)
  return { said }
}

async function tellVerdict({ commands }: Lab, n: number): Promise<Answer> {
  const found = (await commands.listNodes()).find(({ name }) => name === nodeName(n))
  if (!found) throw new Refusal(`The control plane has never heard of node ${n}.`)
  const verdict = await commands.verdict(found.id)
  return { said: verdictText(verdict), data: verdict }
}

function renumberedWords({ network }: Lab, n: number): string {
  const { present, former, kind } = network.site(n)
  const before = former ? `, and ${nodeAddress(n, former.generation, kind)} is ${former.is}` : ''
  return `Node ${n} gets ${nodeAddress(n, present, kind)}${before}.`
}

const allUnits = ({ nodes }: Lab) => [unitNames('cloud'), ...nodeNumbers(nodes).map(unitNames)].flat()

const lastLines = (file: string, most: number) =>
  readFileSync(file, 'utf8').trimEnd().split('\n').slice(-most).join('\n')

function helpText(): string {
  const rows = verbUsages()
  const width = Math.max(...rows.map(({ usage }) => usage.length))
  return rows.map(({ usage, does }) => `  ${usage.padEnd(width + 2)}${does}`).join('\n')
}
