import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { type KeyPair, privateKeyPem } from '@sixcast/shared/contract/identity-key.ts'

export type NodePasswords = ReturnType<typeof nodePasswords>

const GOOD_FOR_MS = 3_600_000
const PASSWORD = /^([0-9]{1,12})\.([A-Za-z0-9_-]{43})$/

/**
 * Passwords for the broker that nobody has to store: when they end, sealed with a key drawn from the fleet's. Every process of the
 * control plane can make and check them.
 */
export function nodePasswords(fleetKey: KeyPair, now: () => number = Date.now) {
  const secret = Buffer.from(hkdfSync('sha256', privateKeyPem(fleetKey), '', 'sixcast mqtt passwords', 32))
  const seal = (user: string, ends: number) =>
    createHmac('sha256', secret).update(`${user}\n${ends}`).digest('base64url')

  return {
    create(user: string): string {
      const ends = Math.floor((now() + GOOD_FOR_MS) / 1000)
      return `${ends}.${seal(user, ends)}`
    },

    verify(user: string, password: string): boolean {
      const [, ends = '0', sealed = ''] = PASSWORD.exec(password) ?? []
      if (Number(ends) * 1000 <= now()) return false
      return timingSafeEqual(Buffer.from(seal(user, Number(ends))), Buffer.from(sealed.padEnd(43, ' ')))
    },
  }
}
