import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SessionId } from '@sixcast/shared/contract/names.ts'

/** A folder so young may belong to a session that is just being made. */
const YOUNG_MS = 60_000

/** Removes from memory the media of sessions that nobody knows of any more, however they came to be left. Says how many segments. */
export function removeOrphans(liveDirectory: string, isKnown: (session: string) => boolean): number {
  return foldersIn(liveDirectory)
    .flatMap((stream) => foldersIn(stream))
    .filter((folder) => isSession(folder) && !isKnown(basename(folder)) && isOld(folder))
    .reduce((sum, session) => sum + removed(session), 0)
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
}

/** Nothing else is ours to remove. */
function isSession(folder: string): boolean {
  return SessionId.safeParse(basename(folder)).success
}

function isOld(folder: string): boolean {
  return Date.now() - statSync(folder).mtimeMs > YOUNG_MS
}

function removed(session: string): number {
  const media = foldersIn(session).flatMap((track) =>
    readdirSync(track).filter((file) => /^\d+-\d+\.m4s$/.test(file)),
  )
  rmSync(session, { recursive: true, force: true })
  return media.length
}
