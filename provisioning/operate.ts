import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { argv, env, execPath } from 'node:process'
import {
  type CommandLine,
  npmCommand,
  readCommandLine,
  USAGE,
} from '../control-plane/operators/command-line.ts'
import { printable } from '../shared/runtime/printable.ts'
import { stateFolders } from './launcher/state-folders.ts'
import { stateIsLocked } from './launcher/state-lock.ts'

/*
 * The operator's commands (npm run claim, password, stream, fleet, node, audit), said to the fleet that runs from this checkout.
 * For one that keeps its state elsewhere: --state DIR, or SIXCAST_STATE=DIR.
 */
const root = resolve(import.meta.dirname, '..')

try {
  const line = readCommandLine(argv.slice(2))
  if (line === 'help') process.stdout.write(`${USAGE}\n`)
  else await operate(line)
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error))
}

/** The control plane's command line knows nothing of folders: --state is for the hints that it gives. */
async function operate({ options }: CommandLine) {
  const state = options.state ?? env.SIXCAST_STATE
  const folders = stateFolders(resolve(state ?? `${root}/.sixcast`), '')
  if (!(existsSync(folders.settings) && stateIsLocked(folders.lock)))
    return refuse(`No fleet runs from ${folders.state}: ${npmCommand(['start'], state)} starts one.`)
  const settings = JSON.parse(readFileSync(folders.settings, 'utf8'))
  const command = spawn(execPath, [`${root}/control-plane/cli.ts`, ...argv.slice(2)], {
    env: { ...env, ...settings, NODE_COMPILE_CACHE: folders.compileCache },
    stdio: 'inherit',
  })
  const [code] = await once(command, 'close')
  process.exitCode = code ?? 1
}

function refuse(sentence: string) {
  process.stderr.write(`${printable(sentence)}\n`)
  process.exitCode = 1
}
