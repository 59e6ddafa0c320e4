import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

export type UnitLog = ReturnType<typeof openUnitLog>

const LONGEST_LINE = 20_000
const RECENT_LINES = 20

/** Keeps what a unit says, line by line with the time, in a file of bounded size and one older one. */
export function openUnitLog(file: string, { maxBytes = 5e6, now = () => new Date() } = {}) {
  let handle = openSync(file, 'a', 0o600)
  let size = fstatSync(handle).size
  let rest = ''
  let recent: string[] = []

  function write(chunk: string) {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
    for (const line of lines) keep(line)
  }

  function keep(line: string) {
    if (line.trim()) recent = [...recent, line].slice(-RECENT_LINES)
    const text = Buffer.from(`${now().toISOString()} ${line.slice(0, LONGEST_LINE)}\n`)
    try {
      if (size + text.length > maxBytes) rotate()
      size += writeSync(handle, text)
    } catch {
      // A full disk must not take the fleet down for the sake of its logs.
    }
  }

  /** The old descriptor is closed last: closed and not replaced, its number would soon be somebody else's file. */
  function rotate() {
    rmSync(`${file}.1`, { force: true })
    if (existsSync(file)) renameSync(file, `${file}.1`)
    const full = handle
    handle = openSync(file, 'a', 0o600)
    closeSync(full)
    size = 0
  }

  return {
    write,
    /** What it said last that tells most, in words. */
    lastWords: () => lastWords([...recent, rest].filter((line) => line.trim())),
    close: () => closeSync(handle),
  }
}

/** The last line that names an error, or else the last one. MariaDB ends with an error that says nothing. */
export function lastWords(lines: string[]): string {
  const telling = lines.findLast((line) => /error|emerg|alert|fatal/i.test(line) && !/Aborting$/.test(line))
  return inWords(telling ?? lines.at(-1) ?? '')
}

/** Of our own lines the event and its cause, of others the text. */
function inWords(line: string): string {
  try {
    const { event, cause } = JSON.parse(line)
    return [event, cause].filter(Boolean).join(': ')
  } catch {
    return line.trim()
  }
}
