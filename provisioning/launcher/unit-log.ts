import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

export type UnitLog = ReturnType<typeof openUnitLog>

const LONGEST_LINE = 20_000

/** Keeps what a unit says, line by line with the time, in a file of bounded size and one older one. */
export function openUnitLog(file: string, { maxBytes = 5e6, now = () => new Date() } = {}) {
  let handle = openSync(file, 'a', 0o600)
  let size = fstatSync(handle).size
  let rest = ''
  let last = ''

  function write(chunk: string) {
    const lines = (rest + chunk).split('\n')
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
    for (const line of lines) keep(line)
  }

  function keep(line: string) {
    if (line.trim()) last = line
    const text = Buffer.from(`${now().toISOString()} ${line.slice(0, LONGEST_LINE)}\n`)
    try {
      if (size + text.length > maxBytes) rotate()
      size += writeSync(handle, text)
    } catch {
      // A full disk must not take the fleet down for the sake of its logs.
    }
  }

  function rotate() {
    closeSync(handle)
    renameSync(file, `${file}.1`)
    handle = openSync(file, 'a', 0o600)
    size = 0
  }

  return {
    write,
    /** What it said last, in words: the event and cause of our own lines, the text of others. */
    lastWords: () => inWords(rest.trim() || last),
    close: () => closeSync(handle),
  }
}

function inWords(line: string): string {
  try {
    const { event, cause } = JSON.parse(line)
    return [event, cause].filter(Boolean).join(': ')
  } catch {
    return line.trim()
  }
}
