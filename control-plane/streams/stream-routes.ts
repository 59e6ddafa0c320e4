import { SessionId, StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { ReportReply, StreamLocation, StreamReport } from '@sixcast/shared/contract/stream-report.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { ReportRepository } from './report-repository.ts'
import { REPORT_RHYTHM } from './report-rhythm.ts'
import type { StreamRepository } from './stream-repository.ts'
import type { StreamViews } from './stream-view-repository.ts'

type Dependencies = {
  streams: Pick<StreamRepository, 'find'>
  reports: Pick<ReportRepository, 'record'>
  streamViews: Pick<StreamViews, 'find' | 'findSession'>
  signed: SignedRequests
  rhythm?: ReportReply
  now?: () => Date
}

export const streamRoutes = ({
  streams,
  reports,
  streamViews,
  signed,
  rhythm = REPORT_RHYTHM,
  now = () => new Date(),
}: Dependencies) =>
  new Hono<SignedEnv>()
    .post('/streams', describeReport, signed, accept('json', StreamReport), async (c) => {
      const report = c.req.valid('json')
      if (!(await streams.find(report.name))) throw new Problem('unknown-stream')
      const at = now()
      const livesUntil = new Date(at.getTime() + rhythm.livesSeconds * 1000)
      await reports.record({ caller: c.get('caller'), report, at, livesUntil })
      return c.json(rhythm)
    })
    .get(
      '/streams/:name',
      describeLocation,
      accept('param', z.object({ name: StreamName })),
      accept('query', z.object({ session: SessionId.optional() })),
      async (c) => {
        const { name } = c.req.valid('param')
        const location = await locate(name, c.req.valid('query').session, streamViews)
        c.header('X-Origin', location.host)
        return c.json(location)
      },
    )

/** New viewers are sent only to what is live; who names a session watches it already, and stays with it to its end. */
async function locate(
  name: string,
  session: string | undefined,
  streamViews: Dependencies['streamViews'],
): Promise<StreamLocation> {
  const place = session ? await streamViews.findSession(name, session) : await streamViews.find(name)
  if (!place && !session) throw new Problem('unknown-stream')
  const { host, manifest } = place ?? {}
  if (!host || !manifest || (!session && place?.state !== 'live')) throw new Problem('not-live')
  return { name, manifest, host }
}

const describeReport = describeAnswers({
  summary: 'A node reports one of its streams, and is told how long this is believed',
  tag: 'node',
  ok: ReportReply,
  problems: [...SIGNED_PROBLEMS, 'unknown-stream'],
})

const describeLocation = describeAnswers({
  summary: 'Where a live stream is now; the header X-Origin carries the host for nginx',
  tag: 'public',
  ok: StreamLocation,
  problems: ['bad-request', 'unknown-stream', 'not-live'],
})
