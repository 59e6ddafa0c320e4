import { type KeyPair, signText } from '@sixcast/shared/contract/identity-key.ts'
import { Problem, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { epochBehindText, SignatureHeaders, verifyRequest } from '@sixcast/shared/contract/signed-request.ts'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { NodeRepository } from './node-repository.ts'

/** The node that signed a request, and which of its requests this is. */
export type Caller = { nodeId: string; epoch: number; number: number }
export type SignedEnv = { Variables: { caller: Caller } }
export type SignedRequests = ReturnType<typeof signedRequests>

/** What every signed route may answer. */
export const SIGNED_PROBLEMS: ProblemCode[] = [
  'bad-request',
  'not-signed',
  'bad-signature',
  'node-revoked',
  'unknown-node',
  'replayed',
  'epoch-behind',
  'too-large',
]

type Dependencies = { nodes: Pick<NodeRepository, 'keyOf' | 'admit'>; fleetKey: KeyPair }

/** Lets through what a known node has signed, once. The number is used up even if the request turns out to be nonsense. */
export const signedRequests = ({ nodes, fleetKey }: Dependencies) =>
  createMiddleware<SignedEnv>(async (c, next) => {
    const { nodeId, epoch, number, signature } = readSignature(c)
    const publicKey = await nodes.keyOf(nodeId)
    if (publicKey === undefined) throw new Problem('unknown-node', UNKNOWN)
    if (!verifyRequest({ ...(await signedParts(c)), epoch, number }, signature, publicKey))
      throw new Problem('bad-signature')
    const admitted = await nodes.admit(nodeId, epoch, number)
    if (admitted.verdict === 'unknown') throw new Problem('unknown-node', UNKNOWN)
    if (admitted.verdict === 'revoked') throw new Problem('node-revoked')
    if (admitted.verdict === 'replayed') throw new Problem('replayed')
    if (admitted.verdict === 'epoch-behind') return refuseEpoch(c, admitted.epoch, signature, fleetKey)
    c.set('caller', { nodeId, epoch, number })
    return next()
  })

const UNKNOWN = 'This fleet has enrolled no such node.'

function readSignature(c: Context) {
  const headers = SignatureHeaders.safeParse(c.req.header())
  if (!headers.success) throw new Problem('not-signed', 'Only nodes may ask this, and nodes sign.')
  return {
    nodeId: headers.data['sixcast-node'],
    epoch: headers.data['sixcast-epoch'],
    number: headers.data['sixcast-number'],
    signature: headers.data['sixcast-signature'],
  }
}

async function signedParts(c: Context) {
  const url = new URL(c.req.url)
  return {
    method: c.req.method,
    host: c.req.header('host') ?? '',
    path: url.pathname,
    query: url.search.slice(1),
    body: await c.req.text(),
  }
}

/** Signed by the fleet, so that nobody on the way can talk a node into another epoch. */
function refuseEpoch(c: Context, epoch: number, refusedSignature: string, fleetKey: KeyPair) {
  const problem = new Problem('epoch-behind', 'A later start of this node has been here already.', { epoch })
  const signature = signText(epochBehindText(epoch, refusedSignature), fleetKey)
  return c.json(problem.body(), problem.status, { 'sixcast-fleet-signature': signature })
}
