import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs one command and answers its exit code; a missing program counts as a failure, not as a crash. What it says is shown as
 * it comes, or at its end where another runs beside it. Whatever it starts shares one cache of compiled files: else each fleet
 * would compile the product anew.
 */
export async function runStep(
  [program = '', ...options]: string[],
  temporary: string,
  shown: 'as-it-comes' | 'at-its-end' = 'as-it-comes',
): Promise<number> {
  const env = { ...process.env, TMPDIR: temporary, NODE_COMPILE_CACHE: `${temporary}/compiled` }
  const output = shown === 'as-it-comes' ? 'inherit' : 'pipe'
  const child = spawn(program, options, { env, stdio: ['ignore', output, output] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk))
  child.once('error', (error) => process.stderr.write(`${program}: ${error.message}\n`))
  const [code] = await once(child, 'close').catch(() => [1])
  process.stdout.write(Buffer.concat(said))
  return code ?? 1
}
