import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type KeyPair, signText, verifyText } from './identity-key.ts'
import { NodeId } from './names.ts'

/**
 * How a node proves each request: an Ed25519 signature over method, host, path, query, body hash, boot epoch and number.
 * No clock takes part. The epoch rises by one with every start of the agent; the number by one with every request, retries too.
 */
export const SignatureHeaders = z.object({
  'sixcast-node': NodeId,
  'sixcast-epoch': z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  'sixcast-number': z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  'sixcast-signature': z.string().regex(/^[A-Za-z0-9_-]{86}$/),
})
export type SignatureHeaders = z.infer<typeof SignatureHeaders>

export type SignedParts = {
  method: string
  /** With port, as in the Host header. */
  host: string
  path: string
  /** Without the question mark; empty when there is none. */
  query: string
  body: string | Uint8Array
  epoch: number
  number: number
}

export function signRequest(
  parts: SignedParts,
  nodeId: string,
  keys: KeyPair,
): Record<keyof SignatureHeaders, string> {
  return {
    'sixcast-node': nodeId,
    'sixcast-epoch': String(parts.epoch),
    'sixcast-number': String(parts.number),
    'sixcast-signature': signText(signedText(parts), keys),
  }
}

export function verifyRequest(parts: SignedParts, signature: string, publicKey: string): boolean {
  return verifyText(signedText(parts), signature, publicKey)
}

/** What the control plane signs when it tells a node that its epoch lies behind, bound to the refused request. */
export function epochBehindText(epoch: number, refusedSignature: string): string {
  return `sixcast epoch-behind\n${epoch}\n${refusedSignature}`
}

function signedText({ method, host, path, query, body, epoch, number }: SignedParts): string {
  const hash = createHash('sha256').update(body).digest('base64url')
  return [
    'sixcast request 1',
    method.toUpperCase(),
    host.toLowerCase(),
    path,
    query,
    hash,
    epoch,
    number,
  ].join('\n')
}
