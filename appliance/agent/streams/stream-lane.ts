import type { ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { REPORT_EVERY_MS, ReportReply, type StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type * as z from 'zod'
import type { Answer } from '../requests/answer.ts'

export type StreamLane = ReturnType<typeof streamLane>
/** What the control plane does not say is absent: whatever an accepted report is answered, it is accepted. */
export const HeardReply = ReportReply.partial().catch({})
export type HeardReply = z.infer<typeof HeardReply>
export type ReportAnswer = Answer<HeardReply>
export type PostReport = (report: StreamReport) => Promise<ReportAnswer>

type Dependencies = {
  post: PostReport
  outcome: (report: StreamReport, answer: ReportAnswer) => void
  now: () => number
}

/** Saying it again would change nothing. */
const FINAL = new Set<ProblemCode>(['unknown-stream', 'bad-request', 'too-large'])

/**
 * The way of one session's reports to the control plane, one after the other. A newer report takes the place of one that still
 * waits, and one that says nothing new waits until it is due; the last one (`ended`) is sent until it has arrived, and not again.
 */
export function streamLane({ post, outcome, now }: Dependencies) {
  let waiting: StreamReport | undefined
  let undelivered: StreamReport | undefined
  let delivered: { substance: string; dueAt: number } | undefined
  let over = false
  let unknown = false
  let sending = false

  async function send() {
    sending = true
    while (waiting && !over) {
      const report = waiting
      waiting = undefined
      const sentAt = now()
      const answer = await post(report)
      const done = answer.kind === 'accepted' || (answer.kind === 'refused' && FINAL.has(answer.code))
      undelivered = done ? undefined : report
      delivered =
        answer.kind === 'accepted'
          ? { substance: substanceOf(report), dueAt: sentAt + repeatMs(answer.body) }
          : undefined
      over = done && report.state === 'ended'
      if (answer.kind !== 'away') unknown = answer.kind === 'refused' && answer.code === 'unknown-stream'
      outcome(report, answer)
    }
    sending = false
  }

  /** Media speaks every REPORT_EVERY_MS: the word that comes nearest to the time is taken. */
  const due = (report: StreamReport) =>
    delivered?.substance !== substanceOf(report) || now() + REPORT_EVERY_MS / 2 >= delivered.dueAt

  return {
    offer(report: StreamReport) {
      if (report.state !== 'ended') over = false // a copy that was to end is ordered again
      if (!sending && !due(report)) return
      waiting = report
      if (!sending && !over) void send()
    },
    /** The end of a session that the control plane has not heard of. */
    unheardEnd: () => (undelivered?.state === 'ended' ? undelivered : undefined),
    /** Whether the control plane has no stream of this name, as far as it was last heard. */
    isUnknown: () => unknown,
    idle: () => !sending,
  }
}

/** No answer can order a storm or silence. */
function repeatMs({ nextSeconds = REPORT_EVERY_MS / 1000 }: HeardReply): number {
  return Math.min(Math.max(nextSeconds, 1), 300) * 1000
}

/** What is measured or counted is another with each segment: alone it is no news. */
function substanceOf({ renditions, viewers: _counted, seen, ...report }: StreamReport): string {
  const rungs = renditions.map(({ id, codecs, width, height }) => [id, codecs, width, height])
  return JSON.stringify({ ...report, rungs, problems: seen?.problems.map(({ what }) => what) })
}
