import { expect, test } from 'vitest'
import { createKeyPair, nodeId, privateKeyPem, readKeyPair, signText, verifyText } from './identity-key.ts'
import { NodeId } from './names.ts'
import { SignatureHeaders, signRequest, verifyRequest } from './signed-request.ts'

const keys = createKeyPair()
const parts = {
  method: 'POST',
  host: '[2a02::1]:9090',
  path: '/v1/heartbeat',
  query: 'a=1',
  body: '{"live":[]}',
  epoch: 7,
  number: 42,
}
const headers = signRequest(parts, nodeId(keys.publicKey), keys)
const signature = headers['sixcast-signature']

test('a request is verified as it was signed', () => {
  expect(verifyRequest(parts, signature, keys.publicKey)).toBe(true)
  expect(SignatureHeaders.parse(headers)).toMatchObject({ 'sixcast-epoch': 7, 'sixcast-number': 42 })
})

test.each([
  ['method', { method: 'PUT' }],
  ['host', { host: 'elsewhere' }],
  ['path', { path: '/v1/heartbeats' }],
  ['query', { query: '' }],
  ['body', { body: '{"live":[ ]}' }],
  ['epoch', { epoch: 8 }],
  ['number', { number: 43 }],
])('a request with another %s is refused', (_, change) => {
  expect(verifyRequest({ ...parts, ...change }, signature, keys.publicKey)).toBe(false)
})

test('every flipped bit of a signature is noticed', () => {
  const bytes = Buffer.from(signature, 'base64url')
  const flipped = [0, 17, 40, 63].map((at) => {
    const copy = Buffer.from(bytes)
    copy[at] = Number(copy[at]) ^ 1
    return copy.toString('base64url')
  })
  for (const other of flipped) expect(verifyRequest(parts, other, keys.publicKey)).toBe(false)
})

test('what is no key or no signature is refused, not thrown at', () => {
  expect(verifyText('text', 'short', keys.publicKey)).toBe(false)
  expect(verifyText('text', signText('text', keys), 'no key')).toBe(false)
  expect(verifyText('text', signText('text', keys), createKeyPair().publicKey)).toBe(false)
})

test('a key survives being kept, and its id is drawn from it alone', () => {
  const kept = readKeyPair(privateKeyPem(keys))
  expect(kept.publicKey).toBe(keys.publicKey)
  expect(NodeId.parse(nodeId(kept.publicKey))).toBe(nodeId(keys.publicKey))
  expect(nodeId(createKeyPair().publicKey)).not.toBe(nodeId(keys.publicKey))
})
