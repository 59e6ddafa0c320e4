import { parseArgs } from 'node:util'
import { Refusal } from './refusal.ts'

export type LaunchOptions = { nodes: number; demo: boolean; lan: boolean; state: string; help: boolean }

export const HELP = `npm start runs a whole fleet on this machine and keeps it running. Options follow two dashes: npm start -- --nodes 3

  --nodes N     as many nodes, on 127.0.0.1 to 127.0.0.N (default 1)
  --no-demo     no demo stream
  --lan         let this network in: RTMP, playback and landing page
  --state DIR   where everything is kept (default .sixcast in the checkout)
  --help        this text`

/** 127.0.0.N is a node's address, and nobody has more nodes on one machine than this. */
export const MOST_NODES = 50

export function parseLaunchOptions(args: string[], defaultState: string): LaunchOptions {
  const {
    nodes = '1',
    'no-demo': noDemo = false,
    lan = false,
    state = defaultState,
    help = false,
  } = read(args)
  if (!/^\d{1,3}$/.test(nodes) || Number(nodes) < 1 || Number(nodes) > MOST_NODES)
    throw new Refusal(`--nodes takes a number from 1 to ${MOST_NODES}, not "${nodes}".`)
  if (!state) throw new Refusal('--state takes a folder.')
  return { nodes: Number(nodes), demo: !noDemo, lan, state, help }
}

function read(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        nodes: { type: 'string' },
        'no-demo': { type: 'boolean' },
        lan: { type: 'boolean' },
        state: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    const [said] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/)
    throw new Refusal(`${said?.replace(/\.$/, '')}. npm start -- --help lists the options.`)
  }
}
