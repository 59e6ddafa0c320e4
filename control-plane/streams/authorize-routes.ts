import { AuthorizeReply, AuthorizeRequest, RTMP_APPLICATIONS } from '@sixcast/shared/contract/authorize.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { type Context, Hono } from 'hono'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import { SIGNED_PROBLEMS, type SignedEnv, type SignedRequests } from '../nodes/signed-requests.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import { hashSecret } from '../secrets/secret-hash.ts'
import type { StreamRepository } from './stream-repository.ts'

type Dependencies = {
  streams: Pick<StreamRepository, 'find' | 'findKey'>
  signed: SignedRequests
  limit: RefusalLimit
  log: Log
}

/** May this key publish this stream? nginx-rtmp reads the status only; nodes and people also why. */
export const authorizeRoutes = (dependencies: Dependencies) =>
  new Hono<SignedEnv>()
    .get('/authorize', describe, accept('query', AuthorizeRequest), (c) =>
      answer(c, c.req.valid('query'), dependencies),
    )
    .post('/authorize', describe, accept('form', AuthorizeRequest), (c) =>
      answer(c, c.req.valid('form'), dependencies),
    )
    .post(
      '/v1/authorize',
      describeForNodes,
      dependencies.signed,
      accept('json', AuthorizeRequest),
      async (c) => c.json(await decide(c.req.valid('json'), dependencies)),
    )

/** A stranger who tries keys is soon not listened to; what fails for another reason is not held against him. A node asks for all its encoders: one with a wrong key must not lock out the others. */
async function answer(c: Context, request: AuthorizeRequest, dependencies: Dependencies) {
  const source = sourceAddress(c)
  if (dependencies.limit.reached(source))
    throw new Problem('too-many', 'Too many wrong keys from this address. Wait a minute.')
  const decided = decide({ ...request, addr: request.addr ?? source }, dependencies)
  return c.json(
    await decided.catch((error) => {
      if (error instanceof Problem && error.code === 'key-refused') dependencies.limit.refused(source)
      throw error
    }),
  )
}

async function decide(request: AuthorizeRequest, { streams, log }: Dependencies): Promise<AuthorizeReply> {
  const { open, why } = await judge(request, streams)
  if (why === undefined) return { allowed: true, name: request.name, open }
  log.info('publishing refused', { stream: request.name, address: request.addr, why })
  throw new Problem('key-refused', why)
}

async function judge({ app, name, key }: AuthorizeRequest, streams: Dependencies['streams']) {
  if (!RTMP_APPLICATIONS.includes(app))
    return { open: false, why: `There is no application "${app}": publish to rtmp://HOST:1935/stream.` }
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

const describeForNodes = describeAnswers({
  summary: 'A node asks for one of its encoders whether its key may publish a stream',
  tag: 'node',
  ok: AuthorizeReply,
  problems: [...SIGNED_PROBLEMS, 'key-refused'],
})
