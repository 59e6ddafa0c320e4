import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import * as z from 'zod'
import { RunReport, type RunReportStore } from '../encoder/run-reports.ts'

type Dependencies = {
  /** The folder of the session that a stream is in; undefined if it is in none. */
  folderOf: (stream: string) => string | undefined
  log: Log
}

/** The last runs of a stream's encoder, beside the files of its session: they go with it, and survive media with it. */
export function keptRuns({ folderOf, log }: Dependencies): RunReportStore {
  const pathOf = (stream: string) => {
    const folder = folderOf(stream)
    return folder && join(folder, 'runs.json')
  }

  return {
    load(stream) {
      const path = pathOf(stream)
      return path ? read(path) : []
    },
    save(stream, reports) {
      const path = pathOf(stream)
      try {
        if (path) writeAtomically(path, JSON.stringify(reports))
      } catch (error) {
        log.error('the reports of runs could not be kept', error, { stream })
      }
    },
  }
}

/** A file that nobody can read any more is as none. */
function read(path: string): RunReport[] {
  try {
    return z.array(RunReport).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return []
  }
}
