import { readdirSync, readFileSync } from 'node:fs'
import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { type ProcessStat, parseProcessStat } from '@sixcast/shared/runtime/process-stat.ts'
import { isOwn, processName } from './process-table.ts'

type Known = { startedAt: number; name: string | undefined; ticks: number; readAt: number }

/**
 * Sixcast's own processes on this node. One small read per process of the machine and round; who belongs to us is found out once
 * per process. `systeminformation` would start a `ps` each time, which costs more than all other metrics together.
 */
export function ownProcesses(runtimeDirectory: string, proc = '/proc') {
  let known = new Map<number, Known>()

  function nameOf({ pid, command, parent }: ProcessStat, met: Map<number, Known>) {
    const commandLine = readWhole(`${proc}/${pid}/cmdline`)
    if (commandLine === '') return undefined // a thread of the kernel
    const inherited = met.get(parent)?.name // nginx writes its workers' titles over their environment
    if (inherited !== undefined && command === 'nginx') return inherited
    if (!isOwn(commandLine, readWhole(`${proc}/${pid}/environ`), runtimeDirectory)) return undefined
    return processName(command, commandLine.replaceAll('\0', ' '))
  }

  return function measure(): NodeMetrics['processes'] {
    const met = new Map<number, Known>()
    const found: NodeMetrics['processes'] = []
    for (const pid of pids(proc)) {
      const stat = parseProcessStat(readWhole(`${proc}/${pid}/stat`))
      if (!stat) continue // gone since
      const before = sameProcess(known.get(pid), stat)
      const name = before ? before.name : nameOf(stat, met)
      const readAt = performance.now()
      met.set(pid, { startedAt: stat.startedAt, name, ticks: stat.ticks, readAt })
      if (name === undefined) continue
      const memoryBytes = residentBytes(readWhole(`${proc}/${pid}/status`))
      found.push({ name: name.slice(0, 50), pid, cpuPercent: usage(before, stat, readAt), memoryBytes })
    }
    known = met
    return found.slice(0, 200)
  }
}

/** Parents before their children, as far as the kernel counts upwards. */
function pids(proc: string): number[] {
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b)
}

function sameProcess(before: Known | undefined, { startedAt }: ProcessStat): Known | undefined {
  return before?.startedAt === startedAt ? before : undefined
}

/** Percent of one core since the last round; 0 at the first sight. */
function usage(before: Known | undefined, { ticks }: ProcessStat, now: number): number {
  if (!before) return 0
  const percent = ((ticks - before.ticks) * 1000) / (now - before.readAt)
  return Math.max(0, Math.round(percent * 10) / 10)
}

/** In kB whatever the page size, which is 16 kB on a Raspberry Pi 5. */
function residentBytes(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

/** Empty when the process is gone or belongs to somebody else. */
function readWhole(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
