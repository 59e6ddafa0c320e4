import { readdirSync, readFileSync } from 'node:fs'

export type ProcessUse = { cpuSeconds: number; memoryBytes: number }

const TICKS_PER_SECOND = 100 // USER_HZ, fixed in Linux' user interface

/** CPU time and memory of all processes in the group that `leader` leads; shared pages are counted once, by share (PSS). */
export function useOfGroup(leader: number): ProcessUse {
  const members = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const fields = statFields(pid)
      return Number(fields[2]) === leader ? [{ pid, fields }] : []
    })
  return {
    cpuSeconds: sum(members.map(({ fields }) => Number(fields[11]) + Number(fields[12]))) / TICKS_PER_SECOND,
    memoryBytes: sum(members.map(({ pid }) => proportionalSet(pid))),
  }
}

/** The fields of /proc/PID/stat after the program's name: state, parent, group, …, user and system time at 11 and 12. */
function statFields(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return [] // gone between the listing and the look
  }
}

function proportionalSet(pid: string): number {
  try {
    return 1024 * Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)?.[1] ?? 0)
  } catch {
    return 0
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
