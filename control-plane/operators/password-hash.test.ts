import { expect, test } from 'vitest'
import { hashPassword, verifyPassword } from './password-hash.ts'

test('a password is known again, however its letters are written, and no other is', async () => {
  const hash = await hashPassword('Br\u00fccke')
  expect(await verifyPassword('Bru\u0308cke', hash)).toBe(true)
  expect(await verifyPassword('Brucke', hash)).toBe(false)
  expect(await verifyPassword('Br\u00fccke')).toBe(false)
})

test('whoever tries passwords pays for each with 32 MB and a salt of its own', async () => {
  const [one, other] = await Promise.all([hashPassword('same'), hashPassword('same')])
  const [, cost, blocks, rounds, salt = ''] = one.split('$')
  expect(128 * Number(cost) * Number(blocks)).toBeGreaterThanOrEqual(32 * 2 ** 20)
  expect(Number(rounds)).toBeGreaterThanOrEqual(1)
  expect(Buffer.from(salt, 'base64url')).toHaveLength(16)
  expect(other).not.toContain(salt)
})
