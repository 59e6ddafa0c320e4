import { expect, test } from 'vitest'
import { formatClaim, parseClaim } from './claim.ts'
import { createKeyPair } from './identity-key.ts'

const claim = { url: 'http://[2a02::1]:9090', fleetKey: createKeyPair().publicKey, secret: 'a'.repeat(32) }

test('a claim is one word and comes back whole, also out of a file that an editor has saved', () => {
  const text = formatClaim(claim)
  expect(text).toMatch(/^\S+$/)
  for (const saved of [`${text}\n`, `\uFEFF${text}\r\n`]) expect(parseClaim(saved)).toEqual(claim)
})

test.each([
  ['nothing', ''],
  ['another word', 'hello'],
  ['a torn claim', formatClaim(claim).slice(0, -9)],
  ['a claim to a strange place', formatClaim({ ...claim, url: 'file:///etc/passwd' })],
])('%s is no claim', (_, text) => {
  expect(parseClaim(text)).toBeUndefined()
})
