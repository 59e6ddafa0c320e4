import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
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
const PIECE_BYTES = 256 << 10

/**
 * Reads nginx's access log as it grows, and cuts it. A file in memory, because nginx writes it by the thousand lines and waits
 * for nobody: a datagram per request took an eighth of the bytes that it could send. What it wrote while nobody read is nobody's.
 */
export function followAccessLog({ path, heard, signal, log }: Dependencies): void {
  const file = openLog(path, log)
  if (file === undefined) return
  signal.addEventListener('abort', () => closeSync(file))
  const piece = Buffer.alloc(PIECE_BYTES)
  let at = 0
  let unfinished = ''

  async function read() {
    if (fstatSync(file ?? 0).size < at) restart() // somebody else has cut it
    for (let bytes = readNext(); bytes > 0; bytes = readNext()) take(piece.toString('utf8', 0, bytes))
    if (at < CUT_AT_BYTES) return
    ftruncateSync(file ?? 0)
    restart()
  }

  function readNext(): number {
    const bytes = readSync(file ?? 0, piece, 0, PIECE_BYTES, at)
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

  void repeat(READ_EVERY_MS, read, signal, (error) => log.error('viewers cannot be counted', error))
}

/** Whoever comes first makes it. */
function openLog(path: string, log: Log): number | undefined {
  try {
    const file = openSync(path, 'a+', 0o644)
    ftruncateSync(file)
    return file
  } catch (error) {
    log.error('viewers cannot be counted', error)
    return undefined
  }
}
