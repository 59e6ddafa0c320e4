import { ProblemBody, type ProblemCode, problemStatus } from '@sixcast/shared/contract/problem.ts'
import { describeRoute, resolver } from 'hono-openapi'
import type * as z from 'zod'

type Description = {
  summary: string
  tag: 'public' | 'node' | 'operator'
  ok: Success
  problems: ProblemCode[]
  /** What its query may carry, if nothing else describes it: each with what it means. */
  query?: Record<string, string>
}

/** JSON, nothing at all, a redirection, or a text of some type. */
type Success = z.ZodType | 'nothing' | 'elsewhere' | { type: string }

/** Puts a route into /openapi.json: what it answers, and each problem a caller can meet. */
export function describeAnswers({ summary, tag, ok, problems, query }: Description) {
  // Whoever can be told to log in can be told that it is not his to do, or that his tokens are wrong.
  const roles = problems.includes('not-logged-in') ? (['not-allowed', 'too-many'] as const) : []
  const byStatus = Map.groupBy([...problems, ...roles, 'unavailable' as const], (code) => problemStatus[code])
  const refusals = [...byStatus].map(([status, codes]) => [
    status,
    { description: codes.join(', '), content: { 'application/json': { schema: resolver(ProblemBody) } } },
  ])
  return describeRoute({
    summary,
    tags: [tag],
    ...(query && { parameters: Object.entries(query).map(parameter) }),
    ...asked(problems),
    responses: { ...success(ok), ...Object.fromEntries(refusals) },
  })
}

/** Whoever can be told that he has not signed, or not logged in, must do so: by one of these. */
function asked(problems: ProblemCode[]) {
  const signed = problems.includes('not-signed') ? [{ nodeSignature: [] }] : []
  const known = problems.includes('not-logged-in') ? [{ apiToken: [] }, { session: [] }] : []
  const security = [...signed, ...known]
  return security.length > 0 ? { security } : {}
}

const parameter = ([name, description]: [string, string]) => ({
  ...{ name, description, in: 'query' as const, required: false },
  schema: { type: 'string' as const },
})

function success(ok: Success) {
  if (ok === 'nothing') return { 204: { description: 'Done.' } }
  if (ok === 'elsewhere') return { 302: { description: 'There it is.' } }
  const content =
    'type' in ok && !('parse' in ok)
      ? { [ok.type]: { schema: { type: 'string' as const } } }
      : { 'application/json': { schema: resolver(ok) } }
  return { 200: { description: 'Yes.', content } }
}

/** How the routes in /openapi.json that are not for everybody know who asks. */
export const securitySchemes = {
  nodeSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'sixcast-signature',
    description: `An Ed25519 signature by the node named in \`sixcast-node\`, over method, host, path, query, hash of the body,
\`sixcast-epoch\` (rises with every start of the node) and \`sixcast-number\` (rises with every request).`,
  },
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    description: `\`Authorization: Bearer sixcast_…\`. Made in the console by everybody for himself; does what its owner may do, as far as its
scope goes: \`read\`, \`fleet\`, \`content\` or \`claims\`.`,
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'sixcast',
    description:
      'Of an operator who has logged in; behind HTTPS it is called `__Host-sixcast`. Whoever changes something sends JSON.',
  },
} as const
