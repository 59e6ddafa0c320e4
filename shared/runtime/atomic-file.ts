import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
  writevSync,
} from 'node:fs'
import { dirname } from 'node:path'

type Options = {
  /** Waits until the disk has it; for what must outlive a power cut. Without, writing to tmpfs is a copy in memory. */
  durable?: boolean
  /** Who may read it, exactly; everybody whom the process lets, if absent. */
  mode?: number
}

/** Whoever opens `path` reads the whole old content or the whole new one. */
export function writeAtomically(path: string, content: string | Buffer[], options: Options = {}) {
  const { durable = false, mode } = options
  const passing = `${path}.part`
  const file = openForWriting(passing, mode ?? 0o644)
  try {
    if (mode !== undefined) fchmodSync(file, mode) // what a cut left behind keeps the mode it was made with
    writeWhole(file, typeof content === 'string' ? [Buffer.from(content)] : content)
    if (durable) fsyncSync(file)
  } catch (error) {
    rmSync(passing, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  renameSync(passing, path)
  if (durable) syncFolder(dirname(path))
}

/** Whether it failed because the disk, or the memory that plays one, is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}

/** Once it returns, no power cut brings the file back. */
export function eraseDurably(path: string) {
  rmSync(path)
  syncFolder(dirname(path))
}

/** Its folder is made when it turns out to be missing: nearly always it is there. */
function openForWriting(path: string, mode: number): number {
  try {
    return openSync(path, 'w', mode)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'w', mode)
  }
}

/** In one go: a part has as many pieces as frames. A nearly full file system takes what fits and says so by the count alone. */
function writeWhole(file: number, pieces: Buffer[]) {
  const taken = pieces.length ? writevSync(file, pieces) : 0
  if (taken === pieces.reduce((bytes, piece) => bytes + piece.length, 0)) return
  const whole = Buffer.concat(pieces)
  for (let at = taken; at < whole.length; ) at += writeSync(file, whole, at)
}

/** A rename or removal is on the disk only once the folder is. */
function syncFolder(path: string) {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
