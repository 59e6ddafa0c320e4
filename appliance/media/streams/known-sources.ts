import { readFileSync } from 'node:fs'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { remember } from '@sixcast/shared/runtime/remember.ts'
import * as z from 'zod'
import { SourceHabits } from '../ladder/source-habits.ts'

/** One that was not seen for so many others is learned anew; after a restart those named by digits alone first, as JSON orders them. */
const MOST_SOURCES = 500

export type KnownSources = ReturnType<typeof knownSources>

/** How the source of each stream was seen to send its picture, on disk: the next run is planned from it, and the next process's. */
export function knownSources(path: string) {
  const sources = new Map<string, SourceHabits>(read(path))

  return {
    of: (name: string): SourceHabits | undefined => sources.get(name),

    /** Without haste: what a power cut takes is learned again. */
    keep(name: string, habits: SourceHabits) {
      remember(sources, name, habits, MOST_SOURCES)
      writeAtomically(path, JSON.stringify(Object.fromEntries(sources)))
    },
  }
}

/** A file that nobody can read any more is as none. */
function read(path: string): [string, SourceHabits][] {
  try {
    const parsed = z.record(z.string(), SourceHabits).safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return Object.entries(parsed.data ?? {})
  } catch {
    return []
  }
}
