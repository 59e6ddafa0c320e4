import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'

const FILE = 'mirror.json'

/** Whether the folder of a session holds a copy of another node's, which its own room takes up. */
export const isMirrored = (folder: string): boolean => existsSync(join(folder, FILE))

/** What is being copied, kept beside what was copied: the process after this one goes on from there. */
export function keepMirror(folder: string, order: MirrorOrder) {
  writeAtomically(join(folder, FILE), JSON.stringify(order))
}

/** What the process before this one was copying. What cannot be read is removed. */
export function keptMirrors(liveDirectory: string): MirrorOrder[] {
  const sessions = foldersIn(liveDirectory).flatMap((stream) => foldersIn(stream))
  return sessions.filter(isMirrored).flatMap(readOrRemove)
}

function readOrRemove(folder: string): MirrorOrder[] {
  try {
    const order = MirrorOrder.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')))
    if (folder.endsWith(join(order.stream, order.session))) return [order]
  } catch {
    // It is removed with what it was of.
  }
  rmSync(folder, { recursive: true, force: true })
  return []
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
}
