import { randomBytes } from 'node:crypto'
import type { Claim } from '@sixcast/shared/contract/claim.ts'
import { TimeReply, timeText } from '@sixcast/shared/contract/enrolment.ts'
import { verifyText } from '@sixcast/shared/contract/identity-key.ts'
import type { Dispatcher } from 'undici'
import { type Answer, ask } from '../requests/answer.ts'

/** Accepted only when the control plane at the claim's URL signs our nonce with the claim's fleet key: then it may hear the secret. */
export async function proveFleet(
  { url, fleetKey }: Pick<Claim, 'url' | 'fleetKey'>,
  dispatcher: Dispatcher,
): Promise<Answer<{ proven: boolean }>> {
  const nonce = randomBytes(24).toString('base64url')
  const asked = new URL(`/v1/time?nonce=${nonce}`, url)
  const answer = await ask({ url: asked, method: 'GET', timeoutMs: 10_000, dispatcher }, TimeReply)
  if (answer.kind !== 'accepted') return answer
  const { time, signature } = answer.body
  return { kind: 'accepted', body: { proven: verifyText(timeText(time, nonce), signature, fleetKey) } }
}
