import { parseArgs } from 'node:util'
import { Refusal } from '../launcher/refusal.ts'
import { parseSites, SITE_WORDS, type SiteKind } from './sites.ts'
import { MOST_NODES, nodeNumbers } from './topology.ts'

export type LabOptions = {
  nodes: number
  kinds: SiteKind[]
  script: string | undefined
  json: boolean
  help: boolean
}

const kindWords = Object.entries(SITE_WORDS)
  .map(([kind, words]) => `                   ${kind.padEnd(9)}${words}`)
  .join('\n')

export const LAB_HELP = `npm run lab starts a fleet in networks of its own, on which you can play the Internet's bad days. Options follow two dashes: npm run lab -- --nodes 2

  --nodes N      as many nodes, each behind its own router (default 3)
  --sites LIST   where they stand, the first for node 1, a kind each with commas between; the others have a /64 of their own:
${kindWords}
  --script FILE  does what stands there, a verb on each line, and ends; at the first that fails with exit code 1
  --json         answers each verb with a line of JSON, for programs
  --help         this text; the verbs are told by help in the lab`

export function parseLabOptions(args: string[]): LabOptions {
  const { nodes, sites, script, json = false, help = false } = read(args)
  const told = sites === undefined ? [] : parseSites(sites)
  const count = nodes ?? String(Math.max(told.length, sites === undefined ? 3 : 1))
  if (!/^[1-9]$/.test(count))
    throw new Refusal(`--nodes takes a number from 1 to ${MOST_NODES}, not "${count}".`)
  if (told.length > Number(count)) throw new Refusal(`--sites tells of more than ${count} nodes.`)
  const kinds = nodeNumbers(Number(count)).map((n) => told[n - 1] ?? 'own')
  return { nodes: Number(count), kinds, script, json, help }
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        nodes: { type: 'string' },
        sites: { type: 'string' },
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
