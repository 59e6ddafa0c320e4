import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { lately, RANGES, type Range, readHistory } from '../history/read-history.ts'
import { SERIES_NAMES, type SeriesName } from '../history/series.ts'
import { toldHistory } from '../history/told-history.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import { chartsPage } from './charts-page.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'

type Dependencies = Pick<ConsoleDependencies, 'history' | 'nodeViews' | 'now'>

const Asked = z.object({ range: z.enum(Object.keys(RANGES) as [Range, ...Range[]]).catch('24h') })

/** What one node has measured over time. */
export const chartsRoutes = ({ history, nodeViews, now = () => new Date() }: Dependencies) => {
  const read = async (nodeId: string, range: Range, series: SeriesName[]) =>
    toldHistory(await readHistory(history, nodeId, lately(range, now()), now()), series)

  return new Hono<OperatorEnv>().get('/nodes/:id/charts', accept('query', Asked), async (c) => {
    const { range } = c.req.valid('query')
    const node = await nodeViews.find(c.req.param('id'))
    if (!node) throw new Problem('unknown-node')
    const [told, storage] = await Promise.all([
      read(node.id, range, SERIES_NAMES),
      read(node.id, '30d', ['storage', 'written']),
    ])
    return c.html(chartsPage({ ...{ node, range, told, storage }, operator: c.get('operator') }))
  })
}
