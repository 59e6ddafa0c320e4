import { readdirSync, readFileSync } from 'node:fs'
import { type ProcessStat, parseProcessStat } from '@sixcast/shared/runtime/process-stat.ts'

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
    const stat = statOf(child)
    return stat?.command === 'ffmpeg' && stat.parent === pid
  }

  function ticksOf(pids: number[]) {
    return new Map(pids.map((each) => [each, statOf(each)?.ticks ?? 0]))
  }

  function statOf(each: number): ProcessStat | undefined {
    return parseProcessStat(read(`${proc}/${each}/stat`))
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

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
