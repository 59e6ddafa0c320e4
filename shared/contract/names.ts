import * as z from 'zod'

/** A stream's public name, as it stands in URLs, RTMP paths, folders and SQL: therefore nothing but these characters. */
export const StreamName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'letters, digits, - and _, beginning with a letter or digit, at most 64',
  )
export type StreamName = z.infer<typeof StreamName>

/** One session of a stream, from first publish to its end. Unique in the fleet, the same on every copy. */
export const SessionId = z.string().regex(/^s[a-z0-9]{12}$/)
export type SessionId = z.infer<typeof SessionId>

/** Drawn from the node's public key: `nodeId` in identity-key.ts. Fits a DNS label. */
export const NodeId = z.string().regex(/^[a-z2-7]{20}$/)
export type NodeId = z.infer<typeof NodeId>

/** Base64url of the 32 bytes of an Ed25519 public key. */
export const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** What people call a node. It is shown in pages, terminals and logs: nothing in it moves a cursor or begins a line. */
export const NodeName = z
  .string()
  .max(100)
  .regex(
    /^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u,
    'printable characters, no space at either end',
  )
