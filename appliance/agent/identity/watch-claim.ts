import { type Claim, formatClaim } from '@sixcast/shared/contract/claim.ts'
import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { toldOnce } from '../told-once.ts'
import type { ClaimFile } from './claim-file.ts'
import type { Enrolment } from './enrol.ts'
import type { Identity } from './identity-file.ts'
import { revokedSentence } from './revoked-sentence.ts'

const BACKOFF = { firstMs: 1000, longestMs: 30_000 }

type Attempt = { word: string; failures: number; retryAt: number }

/**
 * Looks for a claim that enrols this node. A claim is spent once it was answered, yes or no: the next must be another. A control
 * plane that is away is asked again.
 */
export function watchClaim({
  claims,
  stateDirectory,
  enrol,
  log,
}: {
  claims: ClaimFile
  stateDirectory: string
  enrol: (claim: Claim) => Promise<Enrolment>
  log: Log
}) {
  const tell = toldOnce()
  let last: Attempt | undefined

  async function dueClaim(): Promise<Claim | undefined> {
    const found = await claims.read()
    if (found.kind === 'claim') return isDue(found.claim, last) ? found.claim : undefined
    const wanted = `This node is not in a fleet. Put a claim into ${claims.path}.`
    const message = found.kind === 'unreadable' ? `${found.why} ${wanted}` : wanted
    tell(message, () => log.info('waiting for a claim', { message }))
    return undefined
  }

  async function attempt(claim: Claim): Promise<Identity | undefined> {
    const outcome = await enrol(claim)
    last = afterwards(claim, outcome, last)
    if (outcome.kind === 'enrolled') return outcome.identity
    if (outcome.kind === 'refused') refused(`${outcome.sentence} Put another one into ${claims.path}.`)
    if (outcome.kind === 'revoked') refused(revokedSentence(stateDirectory))
    if (outcome.kind === 'away') away(claim.url, outcome.cause)
    return undefined
  }

  const refused = (message: string) => tell(message, () => log.warn('the claim was refused', { message }))
  const away = (url: string, cause: string) =>
    tell(cause, () => log.warn('the control plane does not answer the enrolment', { url, cause }))

  /** One look at the file and, if something new lies there, one try. Absent while nothing enrols this node. */
  return async function look(): Promise<Identity | undefined> {
    const claim = await dueClaim()
    return claim && (await attempt(claim))
  }
}

function isDue(claim: Claim, last: Attempt | undefined): boolean {
  return formatClaim(claim) !== last?.word || performance.now() >= last.retryAt
}

function afterwards(claim: Claim, outcome: Enrolment, last: Attempt | undefined): Attempt {
  const word = formatClaim(claim)
  const failures = (last?.word === word ? last.failures : 0) + 1
  if (outcome.kind !== 'away') return { word, failures, retryAt: Number.POSITIVE_INFINITY }
  return { word, failures, retryAt: performance.now() + backoffMs(failures, BACKOFF) }
}
