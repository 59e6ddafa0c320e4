import { NodeId } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { accept, problemOf } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import { pageSecurity } from '../look/page-security.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { OperatorLogin } from '../operators/operator-login.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import { noLinkPage, openVerdictPage } from './open-verdict-page.ts'
import { nodeOrOperator } from './verdict-askers.ts'
import { verdictAssets } from './verdict-assets.ts'
import type { VerdictLinks } from './verdict-links.ts'
import { verdictOf } from './verdict-of.ts'

type Links = { links: VerdictLinks; nodeViews: { find: (nodeId: string) => Promise<NodeView | undefined> } }

const Named = z.object({ id: NodeId })

/** Makes links, for a node to itself and for operators to any; takes them back, for operators. */
export const verdictLinkRoutes = ({
  links,
  nodeViews,
  signed,
  login,
}: Links & { signed: SignedRequests; login: Pick<OperatorLogin, 'letInApi'> }) =>
  new Hono<SignedEnv>()
    .use('/v1/nodes/:id/verdict-link', nodeOrOperator(signed, login))
    .post('/v1/nodes/:id/verdict-link', describeMake, accept('param', Named), async (c) => {
      const { id } = c.req.valid('param')
      const node = await nodeViews.find(id)
      if (!node || node.revokedAt) throw new Problem('unknown-node')
      c.header('cache-control', 'no-store')
      const maker = c.get('caller') ? 'node' : 'operator'
      return c.json((await links.makeLink(id, maker)) satisfies VerdictLink)
    })

type Page = Links & {
  limit: RefusalLimit
  recognise: (error: unknown) => Problem | undefined
  report: (error: unknown) => void
  now?: () => Date
}

/** What whoever knows a link sees. It is as secret as what it shows, so nothing of it is handed on, kept or logged. */
export function openVerdictRoutes({
  links,
  nodeViews,
  limit,
  recognise,
  report,
  now = () => new Date(),
}: Page) {
  const page = new Hono()
    .use(forItsReaderAlone, pageSecurity())
    .get('/:secret{[A-Za-z0-9_-]{32}}', async (c) => {
      const source = sourceAddress(c)
      if (limit.reached(source))
        throw new Problem('too-many', 'Too many links that lead nowhere. Wait a minute.')
      const nodeId = await links.nodeBehind(c.req.param('secret'))
      const node = nodeId === undefined ? undefined : await nodeViews.find(nodeId)
      if (!node) {
        limit.refused(source)
        return c.html(noLinkPage('This link is no longer good, or was never complete.'), 404)
      }
      return c.html(openVerdictPage(verdictOf(node, now()), now()))
    })
  page.onError((error, c) => {
    const problem = recognise(error) ?? problemOf(error)
    if (problem.code === 'bug') report(error)
    return c.html(noLinkPage(problem.message), problem.status)
  })
  return new Hono().route('/', verdictAssets.routes).route('/verdict', page)
}

const forItsReaderAlone = createMiddleware(async (c, next) => {
  await next()
  c.header('referrer-policy', 'no-referrer')
  c.header('x-robots-tag', 'noindex, nofollow')
  c.header('cache-control', 'no-store')
})

const describeMake = describeAnswers({
  summary:
    'A secret address at which the verdict on a node is read without a login, for a day; for the node itself, or for an operator',
  tag: 'node',
  ok: VerdictLink,
  problems: [...SIGNED_PROBLEMS, 'not-logged-in'],
})
