import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { refusalSentence } from '../launcher/refusal.ts'
import { LAB_HELP, parseLabOptions } from './lab-options.ts'
import { inOwnWorld } from './own-world.ts'

// What npm run lab starts: it gives the lab its world, and ends it.
try {
  const args = process.argv.slice(2)
  if (parseLabOptions(args).help) process.stdout.write(`${LAB_HELP}\n`)
  else process.exitCode = await runLab(args)
} catch (error) {
  process.stderr.write(`${refusalSentence(error)}\n`)
  process.exitCode = 1
}

async function runLab(args: string[]): Promise<number> {
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const [program = '', ...options] = inOwnWorld([execPath, `${import.meta.dirname}/main.ts`, ...args], env)
  const world = spawn(program, options, { env, stdio: 'inherit' })
  process.on('SIGINT', () => {}) // at a terminal the lab has heard it too, and says good-bye
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => world.kill('SIGKILL'))
  const [code] = await once(world, 'close')
  return code ?? 0
}
