import type { AuthorizeReply, AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { Problem, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import type { Answer } from '../requests/answer.ts'

/** What is a no. Every other answer is only a trouble. */
const DECISIONS = new Set<ProblemCode>([
  'key-refused',
  'unknown-stream',
  'bad-request',
  'bad-name',
  'too-many',
])

export type AskAuthorization = (request: AuthorizeRequest) => Promise<AuthorizeReply>

/**
 * Asks the control plane whether a key may publish. Throws its refusal as it came; `unavailable` for everything that is no
 * decision, so that media never forgets a key because the cloud was ill.
 */
export function askAuthorization(
  post: (request: AuthorizeRequest) => Promise<Answer<AuthorizeReply>>,
): AskAuthorization {
  return async (request) => {
    const answer = await post(request)
    if (answer.kind === 'accepted') return answer.body
    if (answer.kind === 'away')
      throw new Problem('unavailable', `The control plane does not answer: ${answer.cause}.`)
    if (DECISIONS.has(answer.code)) throw new Problem(answer.code, answer.message)
    throw new Problem('unavailable', `The control plane answers ${answer.code}.`)
  }
}
