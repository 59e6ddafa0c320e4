import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { boundedCommand } from './bounded-command.ts'
import { unreadBytes } from './unread-bytes.ts'

/** A stream that an encoder reads from stdin; the encoder ends when that does. */
export type Played = {
  feed: (stdin: Writable) => void
  leave: () => void
  /** Up to which time stamp the encoder was given it. */
  handedMs: () => number
}

/**
 * The process dies with us, whatever kills us, and leads its own group. It is not made nicer than the packager and nginx:
 * they need so little that they are served first anyway, and beside other work on the machine it would starve.
 */
export function spawnEncoder(
  command: string[],
  pipes: number,
  input: string | Played | undefined,
): ChildProcess {
  const { program, args } = boundedCommand(command)
  const child = spawn(program, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe', ...Array<'pipe'>(pipes).fill('pipe')],
    detached: true,
  })
  child.stdin?.on('error', () => {}) // it ended before it had read
  if (typeof input === 'object' && child.stdin) input.feed(child.stdin)
  else child.stdin?.end(input)
  return child
}

/** Whether it leaves its input lying: whoever falls behind does, whoever waits for a slow sender does not. */
export function hasBacklog({ pid, stdin }: ChildProcess): boolean {
  // One that is written to for as long as it runs has no other input.
  if (stdin?.writable) return stdin.writableLength > 0
  return pid !== undefined && unreadBytes(pid) !== 0
}
