import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { execPath } from 'node:process'
import { refusalSentence } from '../launcher/refusal.ts'
import { terminal } from '../launcher/terminal.ts'
import { unitEnvironment } from '../launcher/unit-environment.ts'
import { converse } from './converse.ts'
import { parseLabOptions } from './lab-options.ts'
import { performVerb } from './perform-verb.ts'
import { startLab } from './start-lab.ts'

// The lab itself, inside of its world (cli.ts). Whatever it leaves running or lying about ends with that.
process.umask(0o077)
process.stdout.on('error', () => process.exit(0)) // whoever watched is gone
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0))

try {
  const options = parseLabOptions(process.argv.slice(2))
  const screen = terminal(options.json ? (text) => process.stderr.write(text) : undefined)
  const script = options.script === undefined ? undefined : readFileSync(options.script, 'utf8')
  screen.say(
    `The lab starts: a cloud, ${options.nodes === 1 ? 'a node' : `${options.nodes} nodes`} and two viewers, each in a network of its own.`,
  )
  const lab = await startLab({
    ...options,
    root: resolve(import.meta.dirname, '../..'),
    node: execPath,
    env: unitEnvironment(process.env),
    state: '/dev/shm/lab',
    screen,
  })
  process.exit(await converse({ ...options, script, perform: performVerb(lab), screen }))
} catch (error) {
  process.stderr.write(`${refusalSentence(error)}\n`)
  process.exit(1)
}
