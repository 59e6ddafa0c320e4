import { createHmac } from 'node:crypto'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import type { Outcome } from './next-attempt.ts'

type Delivery = {
  url: string
  secret: string
  /** The same however often it is tried. */
  deliveryId: string
  body: string
  /** This process ends. */
  stopping?: AbortSignal | undefined
}

const TIMEOUT_MS = 10_000
/** Not yet, rather than no. */
const PASSING = new Set([408, 425, 429])

/** One attempt. Only what an admin has named is asked, so no redirect is followed; of the answer only its status counts. */
export async function sendWebhook(
  { url, secret, deliveryId, body, stopping }: Delivery,
  { now = () => new Date(), timeoutMs = TIMEOUT_MS } = {},
): Promise<Outcome> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'sixcast-alerts',
    'sixcast-delivery': deliveryId,
    'sixcast-signature': webhookSignature(secret, body, now()),
  }
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = stopping ? AbortSignal.any([timeout, stopping]) : timeout
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    await answer.body?.cancel()
    return outcomeOf(answer.status)
  } catch (error) {
    if (timeout.aborted) return { is: 'failed', words: `No answer within ${timeoutMs / 1000} s` }
    return { is: 'failed', words: maskSecrets(`It cannot be reached: ${causeOf(error)}`) }
  }
}

/** Over time and body, so that what was once sent cannot be sent again as new by somebody else. */
export function webhookSignature(secret: string, body: string, at: Date): string {
  const t = Math.floor(at.getTime() / 1000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { is: 'sent', words: `It answered ${status}` }
  if (status >= 300 && status < 400)
    return { is: 'refused', words: `It answered ${status}, which leads elsewhere: name the address itself` }
  if (status >= 500 || PASSING.has(status)) return { is: 'failed', words: `It answered ${status}` }
  return { is: 'refused', words: `It refused with ${status}` }
}

/** fetch says only that it failed; why stands beneath. */
const causeOf = (error: unknown) => describe(error instanceof Error && error.cause ? error.cause : error)
