import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { remember } from '../runtime/remember.ts'

export type KeyPair = { publicKey: string; privateKey: KeyObject }

/** A new Ed25519 key. The private half never leaves the machine that made it. */
export function createKeyPair(): KeyPair {
  return keyPairFrom(generateKeyPairSync('ed25519').privateKey)
}

export function readKeyPair(pem: string): KeyPair {
  return keyPairFrom(createPrivateKey(pem))
}

export function privateKeyPem({ privateKey }: KeyPair): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** The id is the key's fingerprint, so ids need no allocation and cannot be claimed by another key. */
export function nodeId(publicKey: string): string {
  return base32(createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest()).slice(0, 20)
}

export function signText(text: string, { privateKey }: KeyPair): string {
  return sign(null, Buffer.from(text), privateKey).toString('base64url')
}

/** False also for anything that is not a key or not a signature at all. */
export function verifyText(text: string, signature: string, publicKey: string): boolean {
  try {
    return verify(null, Buffer.from(text), keyObjectOf(publicKey), Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

/** To make one takes nearly as long as a signature: those of a large fleet are kept, the rest made again. */
const MOST_KEYS = 20_000
const keyObjects = new Map<string, KeyObject>()

function keyObjectOf(publicKey: string): KeyObject {
  const known = keyObjects.get(publicKey)
  if (known) return known
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
  remember(keyObjects, publicKey, key, MOST_KEYS)
  return key
}

function keyPairFrom(privateKey: KeyObject): KeyPair {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (!x) throw new Error('not an Ed25519 key')
  return { publicKey: x, privateKey }
}

/** RFC 4648, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)])
    .join('')
}
