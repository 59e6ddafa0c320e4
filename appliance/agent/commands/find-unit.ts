import { readdirSync, readFileSync } from 'node:fs'
import type { UnitName } from '@sixcast/shared/contract/node-command.ts'
import { isOwn } from '../metrics/process-table.ts'

/** The process that leads a unit of this node, by what stands on its command line and in its environment. */
export function findUnit(
  unit: Exclude<UnitName, 'agent'>,
  runtimeDirectory: string,
  proc = '/proc',
): number | undefined {
  return pids(proc).find((pid) => {
    const line = readWhole(`${proc}/${pid}/cmdline`).replaceAll('\0', ' ')
    return leads[unit](line) && isOwn(line, readWhole(`${proc}/${pid}/environ`), runtimeDirectory)
  })
}

/** nginx tells in its title that it is the master, and keeps the command behind it. */
const leads = {
  rtmp: (line: string) => /^nginx: master .*rtmp\.conf/.test(line),
  nginx: (line: string) => /^nginx: master .*http\.conf/.test(line),
  media: (line: string) => /\/media\/main\.ts\b/.test(line),
}

function pids(proc: string): number[] {
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((one, other) => one - other)
}

/** Empty when the process is gone or belongs to somebody else. */
function readWhole(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
