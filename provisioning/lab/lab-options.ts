import { parseArgs } from 'node:util'
import { Refusal } from '../launcher/refusal.ts'
import { MOST_NODES } from './topology.ts'

export type LabOptions = { nodes: number; script: string | undefined; json: boolean; help: boolean }

export const LAB_HELP = `npm run lab starts a fleet in networks of its own, on which you can play the Internet's bad days. Options follow two dashes: npm run lab -- --nodes 2

  --nodes N      as many nodes, each behind its own router (default 3)
  --script FILE  does what stands there, a verb on each line, and ends; at the first that fails with exit code 1
  --json         answers each verb with a line of JSON, for programs
  --help         this text; the verbs are told by help in the lab`

export function parseLabOptions(args: string[]): LabOptions {
  const { nodes = '3', script, json = false, help = false } = read(args)
  if (!/^[1-9]$/.test(nodes))
    throw new Refusal(`--nodes takes a number from 1 to ${MOST_NODES}, not "${nodes}".`)
  return { nodes: Number(nodes), script, json, help }
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        nodes: { type: 'string' },
        script: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    const [said] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/)
    throw new Refusal(`${said?.replace(/\.$/, '')}. npm run lab -- --help lists the options.`)
  }
}
