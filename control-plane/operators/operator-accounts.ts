import { createHmac, randomBytes } from 'node:crypto'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { hashSecret } from '../secrets/secret-hash.ts'
import { newPassword } from './new-password.ts'
import { fitVisit, openSessions, sessionId, type Visit } from './open-sessions.ts'
import type { OperatorRepository } from './operator-repository.ts'
import { hashPassword, verifyPassword } from './password-hash.ts'
import { people } from './people.ts'
import type { Role } from './roles.ts'

/** An open login. `token` is the secret in the cookie; `csrfToken` stands in every form and proves that our page made it. */
export type OperatorSession = {
  /** What it is called in lists: opens nothing. */
  id: string
  operator: string
  role: Role
  token: string
  csrfToken: string
  expiresAt: Date
}
export type OperatorAccounts = ReturnType<typeof operatorAccounts>

const SESSION_MS = 12 * 3_600_000
const SEEN_WRITTEN_EVERY_MS = 60_000
const NOWHERE: Visit = { source: '', agent: '' }
const SHORTEST_PASSWORD = 12
/** Nobody's password is longer, and hashing is work. */
const LONGEST_PASSWORD = 1000

type Dependencies = { operators: OperatorRepository; now?: () => Date }

export function operatorAccounts({ operators, now = () => new Date() }: Dependencies) {
  return {
    ...people({ operators, now }),
    ...openSessions({ operators, now }),

    exists: async (name: string) => (await operators.find(name)) !== undefined,

    /** A new password of 120 random bits; told here once and never again. */
    async resetPassword(name: string): Promise<string> {
      const password = newPassword()
      await operators.setPassword(name, await hashPassword(password), now())
      await operators.removeTokens(name)
      return password
    },

    /** Absent when name and password do not belong together. */
    async login(
      name: string,
      password: string,
      visit: Visit = NOWHERE,
    ): Promise<OperatorSession | undefined> {
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
        ...fitVisit(visit),
      })
      return { ...opened(token), operator: account.name, role: account.role, expiresAt }
    },

    /** Notes at most once a minute that it was seen, and where. */
    async findSession(token: string, visit?: Visit): Promise<OperatorSession | undefined> {
      const found = await operators.findSession(hashSecret(token), now())
      if (!found) return undefined
      const { operator_name: operator, role, expires_at: expiresAt, seen_at, created_at } = found
      const isLongAgo = now().getTime() - (seen_at ?? created_at).getTime() >= SEEN_WRITTEN_EVERY_MS
      if (visit && isLongAgo) await operators.recordVisit(hashSecret(token), now(), fitVisit(visit))
      return { ...opened(token), operator, role, expiresAt }
    },

    /** Ends all logins of his, this one too. */
    async changePassword(name: string, { present, next }: { present: string; next: string }): Promise<void> {
      if (next.length < SHORTEST_PASSWORD || next.length > LONGEST_PASSWORD)
        throw new Problem(
          'bad-request',
          `A password has ${SHORTEST_PASSWORD} characters or more; ${LONGEST_PASSWORD} at most.`,
        )
      if (next.toLowerCase().includes(name.toLowerCase()))
        throw new Problem('bad-request', 'A password does not hold the name of its owner.')
      const account = present.length > LONGEST_PASSWORD ? undefined : await operators.find(name)
      if (!(await verifyPassword(present, account?.password_hash)))
        throw new Problem('wrong-password', 'The present password is another.')
      await operators.setPassword(name, await hashPassword(next), now())
    },

    logout: (token: string) => operators.removeSession(hashSecret(token)),
  }
}

const opened = (token: string) => ({ id: sessionId(token), token, csrfToken: csrfTokenOf(token) })

/** Drawn from the session's secret: nothing more to keep, and worthless when the session is over. */
const csrfTokenOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url')
