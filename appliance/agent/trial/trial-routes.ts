import { randomBytes } from 'node:crypto'
import { verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { TRIAL_BYTES, TrialNonce, TrialQuery, trialText } from '@sixcast/shared/contract/line-trial.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { remember } from '@sixcast/shared/runtime/remember.ts'
import { Hono } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'

type Dependencies = {
  nodeId: string
  /** Of the fleet that the node is in; absent while it is in none. */
  fleetKey: () => string | undefined
  now?: () => number
}

const NONCE_MS = 10_000
const MOST_NONCES = 50
/** A trial takes the line for three seconds, and viewers want it too. */
const PAUSE_MS = 20_000
const CHUNK = 64 * 1024

/** Sends as much as the line takes to the fleet, when that asks for it, and to nobody else. */
export function trialRoutes({ nodeId, fleetKey, now = () => performance.now() }: Dependencies) {
  /** Drawn lately, and until when each is good. Asked for by anybody: only as many are kept. */
  const nonces = new Map<string, number>()
  let lastAt = Number.NEGATIVE_INFINITY

  function draw(): TrialNonce {
    const nonce = randomBytes(18).toString('base64url')
    remember(nonces, nonce, now() + NONCE_MS, MOST_NONCES)
    return { nonce }
  }

  function admit(nonce: string, signature: string) {
    const key = fleetKey()
    const goodUntil = nonces.get(nonce) ?? Number.NEGATIVE_INFINITY
    if (key === undefined || goodUntil < now() || !verifyText(trialText(nodeId, nonce), signature, key))
      throw new Problem('bad-signature', 'Only the fleet of this node may ask it to send all it can.')
    nonces.delete(nonce)
    if (now() - lastAt < PAUSE_MS)
      throw new Problem('too-many', 'The line was tried just now. Try again in half a minute.')
    lastAt = now()
  }

  return new Hono()
    .get('/', describe, async (c, next) => {
      c.header('cache-control', 'no-store')
      return c.req.query('nonce') === undefined ? c.json(draw()) : next()
    })
    .get('/', accept('query', TrialQuery), (c) => {
      const { nonce, signature } = c.req.valid('query')
      admit(nonce, signature)
      c.header('content-type', 'application/octet-stream')
      c.header('cache-control', 'no-store')
      return c.body(noise(TRIAL_BYTES))
    })
}

/** Nothing on the way can make less of it. */
function noise(bytes: number): ReadableStream {
  const chunk = randomBytes(CHUNK)
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk.subarray(0, Math.min(left, CHUNK)))
      left -= CHUNK
      if (left <= 0) controller.close()
    },
  })
}

const describe = describeRoute({
  summary:
    'How much does the line of this node take? Draws a nonce; with the fleet’s signature of it, sends noise',
  responses: {
    200: {
      description: 'The nonce, or noise',
      content: { 'application/json': { schema: resolver(TrialNonce) } },
    },
    401: { description: '`bad-signature`: not asked by the fleet, or too late' },
    429: { description: '`too-many`: it was tried just now' },
  },
})
