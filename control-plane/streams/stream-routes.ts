import { Problem } from '@sixcast/shared/contract/problem.ts'
import { ReportReply, StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { describeAnswers } from '../describe-answers.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { ReportRepository } from './report-repository.ts'
import { REPORT_RHYTHM } from './report-rhythm.ts'
import { rivalReports } from './rival-reports.ts'
import type { StreamRepository } from './stream-repository.ts'
import type { StreamViews } from './stream-view-repository.ts'

type Dependencies = {
  streams: Pick<StreamRepository, 'find'>
  reports: Pick<ReportRepository, 'record'>
  streamViews: Pick<StreamViews, 'find'>
  signed: SignedRequests
  log: Log
  rhythm?: ReportReply
  now?: () => Date
}

export function streamRoutes({
  streams,
  reports,
  streamViews,
  signed,
  log,
  rhythm = REPORT_RHYTHM,
  now = () => new Date(),
}: Dependencies) {
  const sayRivals = rivalReports({ streamViews, log })
  return new Hono<SignedEnv>().post('/streams', describe, signed, accept('json', StreamReport), async (c) => {
    const report = c.req.valid('json')
    if (!(await streams.find(report.name))) throw new Problem('unknown-stream')
    const at = now()
    const livesUntil = new Date(at.getTime() + rhythm.livesSeconds * 1000)
    await reports.record({ caller: c.get('caller'), report, at, livesUntil })
    await sayRivals(c.get('caller').nodeId, report)
    return c.json(rhythm)
  })
}

const describe = describeAnswers({
  summary: 'A node reports one of its streams, and is told how long this is believed',
  tag: 'node',
  ok: ReportReply,
  problems: [...SIGNED_PROBLEMS, 'unknown-stream'],
})
