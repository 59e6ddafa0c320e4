import * as z from 'zod'

/**
 * How much a node's line takes, asked from outside at the port that viewers use, as they would: `GET /trial` draws a nonce, which the
 * fleet signs; `GET /trial?nonce=&signature=` is then answered with up to TRIAL_BYTES of noise, once. Nobody but the fleet can have a
 * node spend its line on this. Nodes of releases up to 0.1.0 answer 404.
 */
export const TrialNonce = z.object({ nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/) })
export type TrialNonce = z.infer<typeof TrialNonce>

export const TrialQuery = TrialNonce.extend({ signature: z.string().max(200) })

export const trialText = (nodeId: string, nonce: string) => `sixcast line trial\n${nodeId}\n${nonce}`

/** Three seconds of 20 Mbit/s; who asks goes away after as long. */
export const TRIAL_BYTES = 8_000_000
export const TRIAL_MS = 3000
