import { NodeId } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { ApiOperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import type { HistoryRepository } from './history-repository.ts'
import { lately, RANGES, type Range, readHistory } from './read-history.ts'
import { SERIES_NAMES, type SeriesName } from './series.ts'
import { ToldHistory, toldHistory } from './told-history.ts'

type Dependencies = {
  history: Pick<HistoryRepository, 'read' | 'rolledUpTo'>
  happeningRows: {
    listBetween: (
      nodeId: string,
      from: Date,
      until: Date,
      most: number,
    ) => Promise<{ at: Date; words: string }[]>
  }
  nodes: { find: (id: string) => Promise<unknown> }
  login: Pick<OperatorLogin, 'requireApiOperator'>
  now?: () => Date
}

/** What a node has measured of itself, up to two years back. */
export const historyRoutes = ({
  history,
  happeningRows,
  nodes,
  login,
  now = () => new Date(),
}: Dependencies) =>
  new Hono<ApiOperatorEnv>()
    .use('/v1/nodes/:id/history', login.requireApiOperator)
    .get('/v1/nodes/:id/history', describe, accept('param', OfNode), accept('query', Asked), async (c) => {
      const [{ id }, { range, series, ...stretch }] = [c.req.valid('param'), c.req.valid('query')]
      if (!(await nodes.find(id))) throw new Problem('unknown-node')
      const asked = given(stretch) ?? lately(range, now())
      const [from, until] = [new Date(asked.from * 1000), new Date(asked.until * 1000)]
      const [read, happened] = await Promise.all([
        readHistory(history, id, asked, now()),
        happeningRows.listBetween(id, from, until, MOST_EVENTS),
      ])
      return c.json(toldHistory(read, series, happened) satisfies ToldHistory)
    })

const MOST_EVENTS = 300
const OfNode = z.object({ id: NodeId })

const time = z.iso.datetime({ offset: true }).transform((text) => Math.floor(Date.parse(text) / 1000))
const LONGEST_SECONDS = 2 * RANGES['1y']

const Asked = z
  .object({
    range: z.enum(Object.keys(RANGES) as [Range, ...Range[]]).default('24h'),
    from: time.optional(),
    until: time.optional(),
    series: z
      .string()
      .max(500)
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(SERIES_NAMES)))
      .default(SERIES_NAMES as SeriesName[]),
  })
  .refine(({ from, until }) => (from === undefined) === (until === undefined), 'from and until come together')
  .refine(
    ({ from = 0, until = 1 }) => from < until && until - from <= LONGEST_SECONDS,
    'from must be before until, two years at most',
  )

const given = ({ from, until }: { from?: number | undefined; until?: number | undefined }) =>
  from === undefined || until === undefined ? undefined : { from, until }

const describe = describeAnswers({
  summary: 'What a node has measured of itself: means and highest values, as finely as the stretch allows',
  tag: 'operator',
  ok: ToldHistory,
  problems: ['bad-request', 'not-logged-in', 'unknown-node'],
})
