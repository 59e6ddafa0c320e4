import type { Claim } from '@sixcast/shared/contract/claim.ts'
import { EnrolReply, enrolText } from '@sixcast/shared/contract/enrolment.ts'
import { type KeyPair, nodeId, signText } from '@sixcast/shared/contract/identity-key.ts'
import type { Dispatcher } from 'undici'
import { type Answer, ask } from '../requests/answer.ts'
import type { Identity } from './identity-file.ts'
import { proveFleet } from './prove-fleet.ts'

export type Applicant = { keys: KeyPair; name: string; hardware: string; release: string }

/** How an enrolment ended. `refused` needs another claim, `revoked` another key too, `away` only another try. */
export type Enrolment =
  | { kind: 'enrolled'; identity: Identity }
  | { kind: 'refused'; sentence: string }
  | { kind: 'revoked' }
  | { kind: 'away'; cause: string }

/** Tries a claim once. The same claim and key give the same node, so a try that was cut off is simply made again. */
export async function enrol(claim: Claim, applicant: Applicant, dispatcher: Dispatcher): Promise<Enrolment> {
  const proof = await proveFleet(claim, dispatcher)
  if (proof.kind !== 'accepted') return notEnrolled(proof, claim.url)
  if (!proof.body.proven) return refused(`The control plane at ${claim.url} is not of the claim's fleet.`)
  const answer = await sendSecret(claim, applicant, dispatcher)
  if (answer.kind !== 'accepted') return notEnrolled(answer, claim.url)
  if (answer.body.nodeId !== nodeId(applicant.keys.publicKey))
    return refused(`The control plane at ${claim.url} answers for another node.`)
  const { url: controlPlaneUrl, fleetKey } = claim
  return { kind: 'enrolled', identity: { controlPlaneUrl, fleetKey, ...answer.body } }
}

function sendSecret({ secret, url }: Claim, applicant: Applicant, dispatcher: Dispatcher) {
  const { keys, ...about } = applicant
  const request = { secret, publicKey: keys.publicKey, ...about }
  return ask(
    {
      url: new URL('/v1/enrol', url),
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, signature: signText(enrolText(request), keys) }),
      timeoutMs: 10_000,
      dispatcher,
    },
    EnrolReply,
  )
}

function notEnrolled(answer: Exclude<Answer<unknown>, { kind: 'accepted' }>, url: string): Enrolment {
  if (answer.kind === 'away') return answer
  switch (answer.code) {
    case 'claim-used':
      return refused('The claim has been used by another node.')
    case 'claim-expired':
      return refused('The claim has expired.')
    case 'claim-refused':
      return refused(`The control plane at ${url} does not know the claim.`)
    case 'node-revoked':
      return { kind: 'revoked' }
    case 'too-many':
    case 'unavailable':
    case 'bug':
      return { kind: 'away', cause: `${url} answers ${answer.code}` }
    default:
      return refused(`The control plane at ${url} refuses the enrolment (${answer.code}).`)
  }
}

const refused = (sentence: string): Enrolment => ({ kind: 'refused', sentence })
