import { type KeyPair, nodeId, signText } from '@sixcast/shared/contract/identity-key.ts'
import { ProbeQuery, ProbeReply, probeText } from '@sixcast/shared/contract/probe.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'

/** Proves to whoever asks from outside that it is this very node that answers here. */
export function probeRoutes(keys: KeyPair, isOwn: (address: string) => boolean) {
  const id = nodeId(keys.publicKey)
  return new Hono().get(
    '/',
    describeRoute({
      summary: 'Sign a nonce with the key of this node',
      responses: {
        200: {
          description: 'The signature',
          content: { 'application/json': { schema: resolver(ProbeReply) } },
        },
      },
    }),
    accept('query', ProbeQuery),
    (c) => {
      const query = c.req.valid('query')
      if (!isOwn(query.address)) throw new Problem('not-found', `This node is not at ${query.address}.`)
      const reply: ProbeReply = {
        nodeId: id,
        nonce: query.nonce,
        signature: signText(probeText(id, query), keys),
      }
      c.header('cache-control', 'no-store')
      return c.json(reply)
    },
  )
}
