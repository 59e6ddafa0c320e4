import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import * as z from 'zod'
import { RunReport, type RunReportStore } from '../encoder/run-reports.ts'

/** The last runs of a session's encoder, beside its files in `folder`: they go with it, and survive media with it. */
export function keptRuns(folder: string, log: Log): RunReportStore {
  const path = join(folder, 'runs.json')

  return {
    load: () => read(path),
    save(reports) {
      try {
        writeAtomically(path, JSON.stringify(reports))
      } catch (error) {
        log.error('the reports of runs could not be kept', error, { folder })
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
