import { AuthorizeReply, AuthorizeRequest } from '@sixcast/shared/contract/authorize.ts'
import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { Agent, request } from 'undici'
import type { Verdict } from './publish-gate.ts'

/** The agent itself waits two seconds for the control plane. */
const ANSWER_MS = 3000

/** Asks the control plane, through the agent's socket, whether a publisher is allowed. */
export function askAgent(socketPath: string, report: (error: unknown) => void) {
  const dispatcher = new Agent({ connect: { socketPath, timeout: ANSWER_MS }, headersTimeout: ANSWER_MS })

  return async function ask(call: AuthorizeRequest): Promise<Verdict> {
    try {
      const { statusCode, body } = await request('http://agent/authorize', {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(AuthorizeRequest.parse(call)),
      })
      return verdictOf(statusCode, await body.json())
    } catch (error) {
      report(error)
      return { outcome: 'unavailable' }
    }
  }
}

/** Only the control plane's own no counts as a no: everything else may pass. */
function verdictOf(status: number, body: unknown): Verdict {
  const reply = status === 200 ? AuthorizeReply.safeParse(body) : undefined
  if (reply?.success) return { outcome: 'allowed', open: reply.data.open }
  if (status === 429) return { outcome: 'put-off' }
  if (![400, 403, 404].includes(status)) return { outcome: 'unavailable' }
  return { outcome: 'refused', why: ProblemBody.safeParse(body).data?.message }
}
