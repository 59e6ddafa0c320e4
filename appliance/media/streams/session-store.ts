import { type Dirent, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionRecord } from '@sixcast/shared/contract/stream-report.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import type * as z from 'zod'
import { isMirrored } from '../mirrors/mirror-file.ts'
import { knownSources } from './known-sources.ts'
import { RecordFile, SessionFile } from './session-file.ts'

type Folders = { stateDirectory: string; liveDirectory: string }

export type SessionStore = ReturnType<typeof sessionStore>

/** The memory of sessions: all of it beside their segments on tmpfs, once per segment; the record alone on disk, once per run. */
export function sessionStore({ stateDirectory, liveDirectory }: Folders) {
  const records = join(stateDirectory, 'sessions')
  const recordPath = (name: string) => join(records, `${name}.json`)
  const folderOf = (name: string) => join(liveDirectory, name)

  return {
    folderOf,
    /** Of the stream's source, whatever its session. */
    sources: knownSources(join(stateDirectory, 'sources.json')),

    save(file: SessionFile) {
      writeAtomically(join(folderOf(file.name), file.session, 'session.json'), JSON.stringify(file))
    },

    saveRecord(name: string, record: SessionRecord) {
      const file: RecordFile = { name, record }
      writeAtomically(recordPath(name), JSON.stringify(file), { durable: true })
    },

    /** Unless the stream has gone on as another session. */
    forgetRecord(name: string, session: string) {
      const [file] = readOrRemove(recordPath(name), RecordFile)
      if (file?.record.session === session) rmSync(recordPath(name))
    },

    /** Unless it goes on here as a copy of another node's. */
    removeStream(name: string) {
      if (!hasCopy(folderOf(name))) rmSync(folderOf(name), { recursive: true, force: true })
    },

    /**
     * What a process that died has left. Nothing of it is live, and what cannot be read is removed. New viewers still find what
     * may go on.
     */
    takeUp(): { files: SessionFile[]; records: RecordFile[] } {
      const streams = list(liveDirectory)
        .map(({ name }) => folderOf(name))
        .filter(isOurs)
      const files = streams.flatMap(takeUpStream)
      const goingOn = files.flatMap(({ name, endedAt }) => (endedAt === undefined ? folderOf(name) : []))
      for (const stream of streams)
        if (!goingOn.includes(stream) && !hasCopy(stream)) rmSync(join(stream, 'index.m3u8'), { force: true })
      return {
        files,
        records: list(records).flatMap(({ name }) => readOrRemove(join(records, name), RecordFile)),
      }
    },
  }
}

/** What else lies in the folder for live media is not ours to remove: somebody may have named the wrong one. */
function isOurs(stream: string): boolean {
  const entries = list(stream)
  return entries.length > 0 && entries.every(({ name }) => OWN.test(name))
}

/** Sessions, and what new viewers open; `.part` while it is written. */
const OWN = /^(s[a-z0-9]{12}|(index\.m3u8|manifest\.mpd|thumbnail\.jpg)(\.part)?)$/

function takeUpStream(folder: string): SessionFile[] {
  const found = sessionsIn(folder)
    .filter((session) => !isMirrored(session))
    .flatMap(takeUpSession)
  return hasCopy(folder) ? found : orRemove(folder, found)
}

/** Sessions that are copied from other nodes are taken up by mirrors/. */
const hasCopy = (stream: string) => sessionsIn(stream).some(isMirrored)

function sessionsIn(stream: string): string[] {
  const folders = list(stream).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => join(stream, name))
}

function takeUpSession(folder: string): SessionFile[] {
  return orRemove(folder, readOrRemove(join(folder, 'session.json'), SessionFile))
}

/** A folder in which nothing was found only takes room. */
function orRemove<Found>(folder: string, found: Found[]): Found[] {
  if (!found.length) rmSync(folder, { recursive: true, force: true })
  return found
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // not made yet
  }
}

function readOrRemove<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema>[] {
  try {
    return [schema.parse(JSON.parse(readFileSync(path, 'utf8')))]
  } catch {
    rmSync(path, { force: true })
    return []
  }
}
