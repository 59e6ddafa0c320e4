import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs one command in the foreground and answers its exit code; a missing program counts as a failure, not as a crash. */
export async function runStep([program = '', ...options]: string[], temporary: string): Promise<number> {
  const env = { ...process.env, TMPDIR: temporary }
  const child = spawn(program, options, { env, stdio: ['ignore', 'inherit', 'inherit'] })
  child.once('error', (error) => process.stderr.write(`${program}: ${error.message}\n`))
  const [code] = await once(child, 'close').catch(() => [1])
  return code ?? 1
}
