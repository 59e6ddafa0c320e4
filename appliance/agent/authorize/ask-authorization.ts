import { AuthorizeReply, type AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { Problem, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import type { Dispatcher } from 'undici'
import { ask } from '../requests/answer.ts'

/** An encoder waits meanwhile, and media has what it remembers. */
const TIMEOUT_MS = 2000

/** What is a no. Every other answer is only a trouble. */
const DECISIONS = new Set<ProblemCode>(['key-refused', 'unknown-stream', 'bad-request', 'bad-name'])

export type AskAuthorization = (request: AuthorizeRequest) => Promise<AuthorizeReply>

/**
 * Asks the control plane whether a key may publish, in the form nginx-rtmp uses. Throws its refusal as it came; `unavailable`
 * for everything that is no decision, so that media never forgets a key because the cloud was ill.
 */
export function askAuthorization(
  controlPlaneUrl: () => string | undefined,
  dispatcher: Dispatcher,
): AskAuthorization {
  return async (request) => {
    const base = controlPlaneUrl()
    if (base === undefined) throw new Problem('unavailable', 'This node is not enrolled yet.')
    const answer = await ask(
      {
        url: new URL('/authorize', base),
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: formOf(request),
        timeoutMs: TIMEOUT_MS,
        dispatcher,
      },
      AuthorizeReply,
    )
    if (answer.kind === 'accepted') return answer.body
    if (answer.kind === 'away') throw new Problem('unavailable', 'The control plane does not answer.')
    if (DECISIONS.has(answer.code)) throw new Problem(answer.code, answer.message)
    throw new Problem('unavailable', `The control plane answers ${answer.code}.`)
  }
}

function formOf(request: AuthorizeRequest): string {
  const { app, name, addr, key } = request
  return new URLSearchParams({ app, name, ...(addr && { addr }), ...(key && { key }) }).toString()
}
