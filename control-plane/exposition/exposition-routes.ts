import { PROMETHEUS_TEXT, prometheusText } from '@sixcast/shared/runtime/prometheus-text.ts'
import { Hono } from 'hono'
import type { BeaconRepository } from '../beacons/beacon-repository.ts'
import { experienceOf } from '../beacons/experience.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { fleetMetrics } from './fleet-metrics.ts'

type Dependencies = {
  nodeBriefs: { list: () => Promise<NodeBrief[]> }
  streamViews: { list: () => Promise<StreamView[]> }
  experiences: Pick<BeaconRepository, 'listSince'>
  login: Pick<OperatorLogin, 'requireApiOperator'>
  now?: () => Date
}

const HOUR_MS = 3_600_000

/** For Prometheus, which brings a token: how many nodes a company has, and who watches, is for nobody else. */
export const expositionRoutes = ({
  nodeBriefs,
  streamViews,
  experiences,
  login,
  now = () => new Date(),
}: Dependencies) =>
  new Hono<ApiOperatorEnv>().get('/metrics', describe, login.requireApiOperator, async (c) => {
    const since = new Date(now().getTime() - HOUR_MS)
    const [nodes, streams, told] = await Promise.all([
      nodeBriefs.list(),
      streamViews.list(),
      experiences.listSince(since),
    ])
    const text = prometheusText(
      fleetMetrics({ nodes, streams, experience: experienceOf(told), process: ownProcess(now()) }),
    )
    return c.body(text, 200, { 'content-type': PROMETHEUS_TEXT })
  })

function ownProcess(now: Date) {
  const { user, system } = process.cpuUsage()
  return {
    memoryBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    startedAtSeconds: now.getTime() / 1000 - process.uptime(),
  }
}

const describe = describeAnswers({
  summary: 'The fleet for Prometheus: nodes, streams, what viewers met with',
  tag: 'operator',
  ok: { type: 'text/plain' },
  problems: ['not-logged-in'],
})
