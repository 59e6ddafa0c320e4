import { readdirSync, readFileSync } from 'node:fs'
import { sleep } from '../shared/runtime/repeat.ts'

export type ProcessUse = { cpuSeconds: number; memoryBytes: number }

const TICKS_PER_SECOND = 100 // USER_HZ, fixed in Linux' user interface

/** CPU time and memory of all processes in the group that `leader` leads; shared pages are counted once, by share (PSS). */
export function useOfGroup(leader: number): ProcessUse {
  return useOf(processes().filter(({ fields }) => Number(fields[2]) === leader))
}

/** The same of a process and all that come from it, whatever groups they are in. */
export function useOfTree(root: number): ProcessUse {
  const all = processes()
  const tree = new Set([String(root)])
  // A child may stand before its parent: as often as anything is found.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size
    for (const { pid, fields } of all) if (tree.has(fields[1] ?? '')) tree.add(pid)
  }
  return useOf(all.filter(({ pid }) => tree.has(pid)))
}

/** What of one core something takes while it is watched. */
export async function coreShare(use: () => ProcessUse, seconds: number): Promise<number> {
  const [before, startedAt] = [use().cpuSeconds, performance.now()]
  await sleep(seconds * 1000)
  return (1000 * (use().cpuSeconds - before)) / (performance.now() - startedAt)
}

/** The command lines of a process's children. */
export function childrenOf(parent: number): { pid: number; command: string[] }[] {
  return processes()
    .filter(({ fields }) => Number(fields[1]) === parent)
    .map(({ pid }) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).split('\0').slice(0, -1) }))
}

/** What a process was told by its environment. */
export function environmentOf(pid: number, name: string): string {
  const line = read(`/proc/${pid}/environ`)
    .split('\0')
    .find((each) => each.startsWith(`${name}=`))
  if (!line) throw new Error(`process ${pid} has no ${name}`)
  return line.slice(name.length + 1)
}

type Process = { pid: string; fields: string[] }

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, fields: statFields(pid) }))
}

function useOf(members: Process[]): ProcessUse {
  return {
    cpuSeconds: sum(members.map(({ fields }) => Number(fields[11]) + Number(fields[12]))) / TICKS_PER_SECOND,
    memoryBytes: sum(members.map(({ pid }) => proportionalSet(pid))),
  }
}

/** The fields of /proc/PID/stat after the program's name: state, parent, group, …, user and system time at 11 and 12. */
function statFields(pid: string): string[] {
  const stat = read(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function proportionalSet(pid: string): number {
  return 1024 * Number(read(`/proc/${pid}/smaps_rollup`).match(/^Pss:\s+(\d+)/m)?.[1] ?? 0)
}

/** Nothing of a process that has gone between the listing and the look. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
