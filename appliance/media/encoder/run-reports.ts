import * as z from 'zod'

/** One start of a stream's encoder, as it is told to people. */
export const RunReport = z.object({
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
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
const MOST_STREAMS = 1000

/** The last runs of every stream's encoder, the latest last. A run that goes on is told as it is when somebody asks. */
export function runReports() {
  const runs = new Map<string, (() => RunReport)[]>()
  return {
    keep(stream: string, run: () => RunReport) {
      const kept = [...(runs.get(stream) ?? []), run].slice(-MOST_RUNS)
      runs.delete(stream)
      runs.set(stream, kept)
      const [oldest] = runs.keys()
      if (runs.size > MOST_STREAMS && oldest !== undefined) runs.delete(oldest)
    },
    of: (stream: string): RunReport[] => (runs.get(stream) ?? []).map((run) => run()),
  }
}
