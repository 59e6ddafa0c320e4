import { parseArgs } from 'node:util'
import { StreamName } from '@sixcast/shared/contract/names.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { Qualities, type Quality } from '../ladder/qualities.ts'

export type Command =
  | { verb: 'help' }
  | { verb: 'list' | 'measure'; node: string }
  | { verb: 'stop'; node: string; id: string }
  | { verb: 'monitor'; node: string; id: string; seconds: number }
  | {
      verb: 'start'
      node: string
      id: string
      url: string
      qualities: Quality[] | undefined
      without: string[]
    }

export const USAGE = `Streams of a node, from the command line:

  npm run streams -- start ID URL [--qualities 720p,360p] [--no-hls] [--no-dash] [--no-low-latency]
  npm run streams -- monitor ID SECONDS     says every second how it is, and that it is still wanted
  npm run streams -- list
  npm run streams -- stop ID
  npm run streams -- measure                what the node can encode, measured anew; while it encodes nothing

URL: rtmp, rtsp, http, https or srt of a camera or server; rtmp://localhost/live/NAME for what is published to the node;
     a file under its ingest folder.
--node URL: another node than http://127.0.0.1:8083. A node takes changes from its own machine alone.`

/** What somebody typed; throws with a sentence that says what is wrong with it. */
export function readCommand(argv: string[]): Command {
  const { values, positionals } = parsed(argv)
  const [verb, id = '', ...rest] = positionals
  if (values.help || verb === undefined || verb === 'help') return { verb: 'help' }
  const node = nodeUrl(values.node)
  if (verb === 'list' || verb === 'measure') return { verb, node }
  if (verb !== 'start' && verb !== 'stop' && verb !== 'monitor')
    throw new Error(`There is no command ${verb}. There are start, monitor, list, stop and measure.`)
  if (!StreamName.safeParse(id).success)
    throw new Error(`${verb} needs the ID of a stream: letters, digits, - and _, at most 64.`)
  if (verb === 'stop') return { verb, node, id }
  if (verb === 'monitor') return { verb, node, id, seconds: secondsOf(rest[0]) }
  const [url] = rest
  if (!url) throw new Error('start needs the URL of the source behind the ID.')
  const kinds = {
    enable_hls: values['no-hls'],
    enable_dash: values['no-dash'],
    low_latency: values['no-low-latency'],
  }
  const without = Object.entries(kinds).flatMap(([kind, unwanted]) => (unwanted ? kind : []))
  return { verb, node, id, url, qualities: qualitiesOf(values.qualities), without }
}

function parsed(args: string[]) {
  const flag = { type: 'boolean' } as const
  const options = {
    node: { type: 'string', default: 'http://127.0.0.1:8083' },
    qualities: { type: 'string' },
    'no-hls': flag,
    'no-dash': flag,
    'no-low-latency': flag,
    help: { ...flag, short: 'h' },
  } as const
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    throw new Error(wrongOption(describe(error)), { cause: error })
  }
}

/** In our words what Node has against an option. */
function wrongOption(complaint: string): string {
  const [, option = 'that'] = /'(-[^' ]*)/.exec(complaint) ?? []
  if (complaint.startsWith('Unknown option'))
    return `There is no option ${option}. npm run streams -- help tells which there are.`
  if (complaint.includes('does not take')) return `${option} stands alone: nothing is to follow its name.`
  return `${option} needs a value behind it. npm run streams -- help tells which.`
}

function nodeUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new Error(`--node must be the address of a node, such as http://127.0.0.1:8083, not ${text}.`)
  return new URL(text).origin
}

function qualitiesOf(text: string | undefined): Quality[] | undefined {
  if (text === undefined) return undefined
  const read = Qualities.safeParse(text.split(','))
  if (!read.success) throw new Error(`--qualities: ${read.error.issues[0]?.message}.`)
  return read.data
}

function secondsOf(text: string | undefined): number {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new Error('monitor needs the number of seconds behind the ID: monitor ID SECONDS.')
  return seconds
}
