import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

type Finished = { code: number | null; said: string }

/** Runs a program to its end, with this on its standard input. What it says on either way out is one text. */
export async function runCommand(
  [program = '', ...options]: string[],
  { input = '', ...how }: { input?: string; env?: Record<string, string>; timeout?: number } = {},
): Promise<Finished> {
  const child = spawn(program, options, { ...how, killSignal: 'SIGKILL', stdio: 'pipe' })
  child.stdin.on('error', () => {}) // it ended before it read all
  child.stdin.end(input)
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, said: (said + complained).trimEnd() }
}
