import { readFile } from 'node:fs/promises'

/** The newest parts of some streams. */
const MOST_FILES = 32

export type ReadShared = (path: string) => Promise<Buffer>

/** Media that many ask for in the same moment is read once, and held once however slowly they take it. Its bytes never change. */
export function sharedFiles(): ReadShared {
  const known = new Map<string, Promise<Buffer>>()

  return (path) => {
    const reading = known.get(path) ?? readFile(path)
    known.delete(path)
    known.set(path, reading)
    reading.catch(() => known.delete(path)) // it may come yet
    for (const [oldest] of known) {
      if (known.size <= MOST_FILES) break
      known.delete(oldest)
    }
    return reading
  }
}
