import { Buffer } from 'node:buffer'
import * as z from 'zod'
import { PublicKey } from './names.ts'

/**
 * What an operator hands to a new node: where the control plane is, its public key (so that the node tells a false one
 * before it speaks), and a secret that enrols once.
 */
export const Claim = z.object({
  url: z.url({ protocol: /^https?$/ }).max(500),
  fleetKey: PublicKey,
  secret: z.string().regex(/^[A-Za-z0-9_-]{32}$/),
})
export type Claim = z.infer<typeof Claim>

const PREFIX = 'sixcast-claim-1.'

/** One word without spaces: it travels by cloud-init, QR code, chat and copy-paste. */
export function formatClaim(claim: Claim): string {
  return PREFIX + Buffer.from(JSON.stringify(claim)).toString('base64url')
}

/** Absent when the text is no claim. */
export function parseClaim(text: string): Claim | undefined {
  const word = text.trim()
  if (!word.startsWith(PREFIX)) return undefined
  try {
    return Claim.parse(JSON.parse(Buffer.from(word.slice(PREFIX.length), 'base64url').toString()))
  } catch {
    return undefined
  }
}
