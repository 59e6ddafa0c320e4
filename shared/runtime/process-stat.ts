/** What /proc/PID/stat tells of one process. */
export type ProcessStat = {
  pid: number
  command: string
  parent: number
  /** Processor time used so far, in hundredths of a second (USER_HZ is 100 on every Linux). */
  ticks: number
  /** When it began, in ticks since boot. With the pid it names a process for good. */
  startedAt: number
}

/** Absent for a text of another form. The command stands in brackets and may itself hold brackets and spaces. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return undefined
  // From the third field on: state, parent, ... user time is the 14th, system time the 15th, the start the 22nd.
  const rest = text.slice(close + 2).split(' ')
  return {
    pid: Number(text.slice(0, open)),
    command: text.slice(open + 1, close),
    parent: Number(rest[1]),
    ticks: Number(rest[11]) + Number(rest[12]),
    startedAt: Number(rest[19]),
  }
}
