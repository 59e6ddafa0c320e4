import { ProblemBody, type ProblemCode, problemStatus } from '@sixcast/shared/contract/problem.ts'
import { describeRoute, resolver } from 'hono-openapi'
import type * as z from 'zod'

export type Answers = {
  200?: z.ZodType
  201?: z.ZodType
  202?: z.ZodType
  204?: undefined
  problems?: ProblemCode[]
}

/**
 * What a route does, what it answers, and by which codes it refuses, for /openapi.json: what its caller can do something about,
 * and that nginx answers for media while that is being started again.
 */
export function describeAnswers(summary: string, { problems = [], ...good }: Answers) {
  const answers = Object.entries(good).map(([status, schema]) => [
    status,
    { description: DESCRIPTIONS[status] ?? '', ...(schema ? json(schema) : {}) },
  ])
  const byStatus = Map.groupBy([...problems, 'unavailable'] as const, (code) => problemStatus[code])
  const refusals = [...byStatus].map(([status, codes]) => [
    status,
    { description: codes.join(', '), ...json(ProblemBody) },
  ])
  return describeRoute({ summary, responses: Object.fromEntries([...answers, ...refusals]) })
}

const DESCRIPTIONS: Record<string, string> = {
  200: 'As it is now.',
  201: 'It is new, and is being started.',
  202: 'It has begun.',
  204: 'Done.',
}

function json(schema: z.ZodType) {
  return { content: { 'application/json': { schema: resolver(schema) } } }
}
