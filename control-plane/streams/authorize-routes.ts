import { AuthorizeReply, AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { type Context, Hono } from 'hono'
import { describeAnswers } from '../describe-answers.ts'
import { hashSecret } from '../enrolment/secret-hash.ts'
import type { LeaseRepository } from '../nodes/lease-repository.ts'
import { sourceAddress } from '../reachability/source-address.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import type { StreamRepository } from './stream-repository.ts'

type Dependencies = {
  streams: Pick<StreamRepository, 'find' | 'findKey'>
  leases: Pick<LeaseRepository, 'beatsFrom'>
  limit: RefusalLimit
  log: Log
}

/** May this key publish this stream? nginx-rtmp reads the status only; nodes and people also why. */
export const authorizeRoutes = (dependencies: Dependencies) =>
  new Hono()
    .get('/authorize', describe, accept('query', AuthorizeRequest), (c) =>
      answer(c, c.req.valid('query'), dependencies),
    )
    .post('/authorize', describe, accept('form', AuthorizeRequest), (c) =>
      answer(c, c.req.valid('form'), dependencies),
    )

async function answer(c: Context, request: AuthorizeRequest, { streams, leases, limit, log }: Dependencies) {
  const source = sourceAddress(c)
  const told = request.addr ?? source
  if (limit.reached(source) || limit.reached(source, told))
    throw new Problem('too-many', 'Too many wrong keys from this address. Wait a minute.')
  const { open, why } = await judge(request, streams)
  if (why === undefined) return c.json({ allowed: true, name: request.name, open } satisfies AuthorizeReply)
  // A node asks for many publishers: the one who was wrong is counted, not the node. What he is called holds in the node's own
  // network only. Anybody else may tell any address.
  if (await leases.beatsFrom(source)) limit.refused(source, told)
  else limit.refused(source)
  log.info('publishing refused', { stream: request.name, address: told, why })
  throw new Problem('key-refused', why)
}

async function judge({ name, key }: AuthorizeRequest, streams: Dependencies['streams']) {
  const stream = await streams.find(name)
  if (!stream) return { open: false, why: 'There is no such stream.' }
  if (!key) return { open: stream.open, ...(!stream.open && { why: 'This stream needs a key.' }) }
  const known = await streams.findKey(name, hashSecret(key))
  if (known && !known.revoked_at) return { open: stream.open }
  return { open: stream.open, why: known ? 'This key was revoked.' : 'This is not a key of this stream.' }
}

const describe = describeAnswers({
  summary: 'May this key publish this stream?',
  tag: 'public',
  ok: AuthorizeReply,
  problems: ['bad-request', 'key-refused', 'too-large', 'too-many'],
})
