import { ProblemBody, type ProblemCode, problemStatus } from '@sixcast/shared/contract/problem.ts'
import { describeRoute, resolver } from 'hono-openapi'
import type * as z from 'zod'

type Description = {
  summary: string
  tag: 'public' | 'node'
  ok: z.ZodType | 'nothing'
  problems: ProblemCode[]
}

/** Puts a route into /openapi.json: what it answers, and each problem a caller can meet. */
export function describeAnswers({ summary, tag, ok, problems }: Description) {
  const byStatus = Map.groupBy([...problems, 'unavailable' as const], (code) => problemStatus[code])
  const refusals = [...byStatus].map(([status, codes]) => [
    status,
    { description: codes.join(', '), content: { 'application/json': { schema: resolver(ProblemBody) } } },
  ])
  return describeRoute({
    summary,
    tags: [tag],
    responses: { ...success(ok), ...Object.fromEntries(refusals) },
  })
}

const success = (ok: z.ZodType | 'nothing') =>
  ok === 'nothing'
    ? { 204: { description: 'Done.' } }
    : { 200: { description: 'Yes.', content: { 'application/json': { schema: resolver(ok) } } } }
