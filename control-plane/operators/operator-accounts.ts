import { createHmac, randomBytes } from 'node:crypto'
import { hashSecret } from '../secrets/secret-hash.ts'
import type { OperatorRepository } from './operator-repository.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'

/** An open login. `token` is the secret in the cookie; `csrfToken` stands in every form and proves that our page made it. */
export type OperatorSession = { operator: string; token: string; csrfToken: string; expiresAt: Date }
export type OperatorAccounts = ReturnType<typeof operatorAccounts>

const SESSION_MS = 12 * 3_600_000
/** Nobody's password is longer, and hashing is work. */
const LONGEST_PASSWORD = 1000

type Dependencies = { operators: OperatorRepository; now?: () => Date }

export function operatorAccounts({ operators, now = () => new Date() }: Dependencies) {
  return {
    exists: async (name: string) => (await operators.find(name)) !== undefined,

    /** A new password of 120 random bits; told here once and never again. */
    async resetPassword(name: string): Promise<string> {
      const password = readable(randomBytes(15))
      await operators.setPassword(name, await hashPassword(password), now())
      return password
    },

    /** Absent when name and password do not belong together. */
    async login(name: string, password: string): Promise<OperatorSession | undefined> {
      if (password.length > LONGEST_PASSWORD) return undefined
      const account = await operators.find(name)
      if (!(await verifyPassword(password, account?.password_hash)) || !account) return undefined
      const token = randomBytes(32).toString('base64url')
      const expiresAt = new Date(now().getTime() + SESSION_MS)
      await operators.removeExpiredSessions(now())
      await operators.addSession({
        token_hash: hashSecret(token),
        operator_name: account.name,
        created_at: now(),
        expires_at: expiresAt,
      })
      return { operator: account.name, token, csrfToken: csrfTokenOf(token), expiresAt }
    },

    async findSession(token: string): Promise<OperatorSession | undefined> {
      const session = await operators.findSession(hashSecret(token), now())
      return (
        session && {
          operator: session.operator_name,
          token,
          csrfToken: csrfTokenOf(token),
          expiresAt: session.expires_at,
        }
      )
    },

    logout: (token: string) => operators.removeSession(hashSecret(token)),
  }
}

/** Drawn from the session's secret: nothing more to keep, and worthless when the session is over. */
const csrfTokenOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url')

/** Six groups of four, without characters that look alike. */
function readable(bytes: Buffer): string {
  const letters = [...bytes].flatMap((byte) => byte.toString(2).padStart(8, '0')).join('')
  const symbols = (letters.match(/.{5}/g) ?? []).map((bits) => ALPHABET[Number.parseInt(bits, 2)])
  return (symbols.join('').match(/.{4}/g) ?? []).join('-')
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz023456789'
