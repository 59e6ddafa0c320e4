import { closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { type AccessLine, parseAccessLine } from './access-line.ts'

type Dependencies = {
  path: string
  heard: (line: AccessLine) => void
  signal: AbortSignal
  log: Log
}

/** Often, so that it takes milliseconds: playlists wait meanwhile. */
const READ_EVERY_MS = 250
/** Some seconds of a thousand viewers. What nginx writes between our last look and the cut is lost: it is cut rarely. */
const CUT_AT_BYTES = 4 << 20
/** Addresses of viewers stand in it: no longer than they are needed to tell who watches. */
const CUT_AFTER_MS = 10_000
const PIECE_BYTES = 256 << 10

/**
 * Reads nginx's access log as it grows, and cuts it. A file, because nginx writes it by the thousand lines and waits for nobody:
 * a datagram per request took an eighth of the bytes that it could send. It is in memory where the runtime folder is. What
 * nginx wrote while nobody read is nobody's, and is cut unread.
 */
export function followAccessLog({ path, heard, signal, log }: Dependencies): void {
  const report = (error: unknown) => log.error('viewers cannot be counted', error)
  try {
    const file = openLog(path)
    signal.addEventListener('abort', () => closeLog(file))
    const read = logReader(file, heard)
    void repeat(READ_EVERY_MS, async () => read(), signal, report)
  } catch (error) {
    report(error)
  }
}

/** Whoever comes first makes it: nginx for all to read. */
function openLog(path: string): number {
  const file = openSync(path, 'a+', 0o600)
  fchmodSync(file, 0o600)
  ftruncateSync(file)
  return file
}

function closeLog(file: number) {
  ftruncateSync(file)
  closeSync(file)
}

/** Reads what has come since the last time. */
function logReader(file: number, heard: Dependencies['heard']): () => void {
  const piece = Buffer.alloc(PIECE_BYTES)
  let at = 0
  let unfinished = ''
  let cutAt = performance.now()

  function read() {
    if (fstatSync(file).size < at) restart() // somebody else has cut it
    for (let bytes = readNext(); bytes > 0; bytes = readNext()) take(piece.toString('utf8', 0, bytes))
    const isOld = at > 0 && performance.now() - cutAt >= CUT_AFTER_MS
    if (isOld || at >= CUT_AT_BYTES) cut()
  }

  function cut() {
    ftruncateSync(file)
    cutAt = performance.now()
    restart()
  }

  function readNext(): number {
    const bytes = readSync(file, piece, 0, PIECE_BYTES, at)
    at += bytes
    return bytes
  }

  function take(text: string) {
    const lines = (unfinished + text).split('\n')
    unfinished = lines.pop() ?? ''
    for (const each of lines) {
      const line = parseAccessLine(each)
      if (line) heard(line)
    }
  }

  function restart() {
    at = 0
    unfinished = ''
  }

  return read
}
