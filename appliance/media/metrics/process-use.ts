import { readdirSync, readFileSync } from 'node:fs'

export type ProcessUse = { cpuPercent: number; memoryBytes: number; ffmpegProcesses: number }

const SHORTEST_MS = 1000

/**
 * What media and its ffmpeg children use; the processor in percent of one core, since the call before.
 * By reading /proc: a `ps` would cost more than media does.
 */
export function processUse({ pid = process.pid, now = () => performance.now(), proc = '/proc' } = {}) {
  let measuredAt = now()
  let ticks = ticksOf(family())
  let last = 0

  function family() {
    const children = readdirSync(proc).filter((entry) => /^\d+$/.test(entry) && isEncoder(Number(entry)))
    return [pid, ...children.map(Number)]
  }

  function isEncoder(child: number) {
    const status = read(`${proc}/${child}/status`)
    return /^Name:\s+ffmpeg$/m.test(status) && Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) === pid
  }

  function ticksOf(pids: number[]) {
    return new Map(pids.map((each) => [each, usedTicks(read(`${proc}/${each}/stat`))]))
  }

  function cpuPercent(pids: number[]) {
    const ms = now() - measuredAt
    if (ms < SHORTEST_MS) return last // too short for hundredths of a second
    const before = ticks
    ticks = ticksOf(pids)
    measuredAt = now()
    const used = [...ticks].reduce(
      (sum, [each, count]) => sum + Math.max(0, count - (before.get(each) ?? 0)),
      0,
    )
    last = Math.round((used * 10 * 1000) / ms) / 10
    return last
  }

  return function measure(): ProcessUse {
    const pids = family()
    const kilobytes = pids.map((each) =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`${proc}/${each}/status`))?.[1] ?? 0),
    )
    return {
      cpuPercent: cpuPercent(pids),
      memoryBytes: kilobytes.reduce((sum, each) => sum + each, 0) * 1024,
      ffmpegProcesses: pids.length - 1,
    }
  }
}

/** User and system time in hundredths of a second: the 14th and 15th field, after a name that may hold anything. */
function usedTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) || 0) + (Number(fields[12]) || 0)
}

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
