import * as z from 'zod'

/** One start of a session's encoder, as it is told to people. */
export const RunReport = z.object({
  started_at: z.iso.datetime(),
  ended_at: z.iso
    .datetime()
    .nullable()
    .describe('null while it goes on. Where nobody was there to see: when media was back.'),
  command: z.array(z.string()).describe('As it was started; passwords and queries are masked.'),
  exit_code: z.int().nullable(),
  signal: z.string().nullable().describe('What ended it, where it did not end by itself.'),
  reason: z.string().nullable().describe('Why the node itself ended it.'),
  speed: z
    .number()
    .nullable()
    .describe('Media seconds per second when it was last read; below 1 it fell behind.'),
  frames: z.int(),
  dropped_frames: z.int(),
  repeated_frames: z.int(),
  last_lines: z.array(z.string()).describe('What it said last, without passwords.'),
})
export type RunReport = z.infer<typeof RunReport>

export type RunReports = ReturnType<typeof runReports>

const MOST_RUNS = 10

/** Where reports outlive the process that made them. */
export type RunReportStore = {
  load: () => RunReport[]
  save: (reports: RunReport[]) => void
}

/** The last runs of a session's encoder, the latest last. A run that goes on is told as it is when somebody asks. */
export function runReports({ load, save }: RunReportStore) {
  let runs = load()
    .map(cutOff)
    .map((report) => () => report)
  const all = (): RunReport[] => runs.map((run) => run())

  return {
    keep(run: () => RunReport) {
      runs = [...runs, run].slice(-MOST_RUNS)
      save(all())
    },
    ended: () => save(all()),
    all,
  }
}

/** What ended with the process that ran it. */
function cutOff(report: RunReport): RunReport {
  if (report.ended_at !== null) return report
  const reason = report.reason ?? 'media of this node was started again'
  return { ...report, ended_at: new Date().toISOString(), reason }
}
