import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { argv, env, execPath } from 'node:process'
import { stateFolders } from './launcher/state-folders.ts'
import { stateIsLocked } from './launcher/state-lock.ts'

/*
 * The operator's commands (npm run claim, password, stream, node), said to the fleet that runs from this checkout.
 * For one that runs from elsewhere: SIXCAST_STATE=DIR.
 */
const root = resolve(import.meta.dirname, '..')
const folders = stateFolders(resolve(env.SIXCAST_STATE ?? `${root}/.sixcast`), '')

if (existsSync(folders.settings) && stateIsLocked(folders.lock)) await operate()
else {
  process.stderr.write(`No fleet runs from ${folders.state}: npm start starts one.\n`)
  process.exitCode = 1
}

async function operate() {
  const settings = JSON.parse(readFileSync(folders.settings, 'utf8'))
  const command = spawn(execPath, [`${root}/control-plane/cli.ts`, ...argv.slice(2)], {
    env: { ...env, ...settings, NODE_COMPILE_CACHE: folders.compileCache },
    stdio: 'inherit',
  })
  const [code] = await once(command, 'close')
  process.exitCode = code ?? 1
}
