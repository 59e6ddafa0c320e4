import type { ProblemCode } from '@sixcast/shared/contract/problem.ts'
import type { StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import type { Answer } from '../requests/answer.ts'

export type StreamLane = ReturnType<typeof streamLane>
type Post = (report: StreamReport) => Promise<Answer<unknown>>
type Outcome = (report: StreamReport, answer: Answer<unknown>) => void

/** Saying it again would change nothing. */
const FINAL = new Set<ProblemCode>(['unknown-stream', 'bad-request', 'too-large'])

/**
 * The way of one session's reports to the control plane, one after the other. A newer report takes the place of one that still
 * waits; the last one (`ended`) is sent until it has arrived, and then no more.
 */
export function streamLane(post: Post, outcome: Outcome) {
  let waiting: StreamReport | undefined
  let undelivered: StreamReport | undefined
  let over = false
  let sending = false

  async function send() {
    sending = true
    while (waiting && !over) {
      const report = waiting
      waiting = undefined
      const answer = await post(report)
      const done = answer.kind === 'accepted' || (answer.kind === 'refused' && FINAL.has(answer.code))
      undelivered = done ? undefined : report
      over = done && report.state === 'ended'
      outcome(report, answer)
    }
    sending = false
  }

  return {
    offer(report: StreamReport) {
      waiting = report
      if (!sending && !over) void send()
    },
    /** The end of a session that the control plane has not heard of. */
    unheardEnd: () => (undelivered?.state === 'ended' ? undelivered : undefined),
    idle: () => !sending,
  }
}
