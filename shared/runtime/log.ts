import { CannotStart } from './cannot-start.ts'
import { printable } from './printable.ts'

export type LogFields = Record<string, string | number | boolean | undefined>
export type Log = ReturnType<typeof createLog>

/**
 * One JSON line per event on stdout; whoever runs the process (journald, the launcher) adds the time and keeps it. People read it in a
 * terminal, and strangers have a say in what stands there.
 */
export function createLog(
  unit: string,
  write: (line: string) => void = (line) => process.stdout.write(line),
) {
  const line = (level: string, event: string, fields: LogFields = {}) =>
    write(`${printable(JSON.stringify({ level, unit, event, ...fields }))}\n`)
  return {
    info: (event: string, fields?: LogFields) => line('info', event, fields),
    warn: (event: string, fields?: LogFields) => line('warn', event, fields),
    error: (event: string, error: unknown, fields?: LogFields) =>
      line('error', event, { ...fields, cause: describe(error), ...trace(error) }),
  }
}

/** What went wrong in one line, with the causes beneath it. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.message || ('code' in error ? String(error.code) : error.name)
  return error.cause === undefined ? own : `${own}: ${describe(error.cause)}`
}

/** Only a bug needs its stack: a system error (a refused connection) has a code and says enough by itself, as a sentence does. */
function trace(error: unknown) {
  const isBug = error instanceof Error && !('code' in error) && !(error instanceof CannotStart)
  return isBug ? { stack: error.stack } : {}
}
