import { spawn } from 'node:child_process'
import { superviseProcess } from '@sixcast/shared/runtime/supervise.ts'

/** It dies with the agent, however that ends. */
const MONITOR = ['setpriv', '--pdeathsig', 'KILL', '--', 'ip', '-o', 'monitor', 'address', 'route']

const RULES = {
  backoff: { firstMs: 1000, longestMs: 300_000 },
  stallMs: Number.POSITIVE_INFINITY, // a quiet network is no hang
  killAfterMs: 1000,
  steadyMs: 60_000,
}

/** Tells of each change of an address or a route as soon as the kernel makes it. What it says is not read: it is a reason to look. */
export function monitorAddresses({
  changed,
  report,
  command = MONITOR,
}: {
  changed: () => void
  report: (error: unknown) => void
  command?: string[]
}) {
  const [program = '', ...options] = command
  const monitor = superviseProcess({
    spawn() {
      const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] })
      child.stdout.on('data', changed)
      return child
    },
    rules: RULES,
    ended: changed, // what happens until there is another is not told
    report,
    tickMs: 1000,
  })
  monitor.order(true)
  return monitor
}
