import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { OperatorAccounts, OperatorSession } from '../operators/operator-accounts.ts'
import { operatorLogin } from '../operators/operator-login.ts'
import type { Role } from '../operators/roles.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'

const session: OperatorSession = {
  id: 'this-session',
  operator: 'admin',
  role: 'admin',
  token: 'token',
  csrfToken: 'csrf-token',
  expiresAt: new Date('2026-11-20T13:00:00Z'),
}

type People = Pick<ConsoleDependencies, 'accounts' | 'apiTokens' | 'login'>

/** Who may log in, and the door that knows them. */
export const fakePeople = (
  done: unknown[],
  { now, role, publicUrl }: { now: Date; role: Role; publicUrl: string },
): People => ({
  accounts: fakeAccounts(done, now),
  apiTokens: fakeApiTokens(done, now),
  login: operatorLogin({
    accounts: fakeAccounts(done, now, role),
    tokens: { useToken: async () => undefined },
    ...{ limit: unlimited, tokenLimit: unlimited, publicUrl },
  }),
})

/** Two people, of whom one looks at the pages; what is done is told. */
function fakeAccounts(done: unknown[], now: Date, role: Role = 'admin'): OperatorAccounts {
  const ago = before(now)
  return {
    exists: async () => true,
    async invite(name, role) {
      if (name === 'admin') throw new Problem('name-taken', 'There is somebody of the name admin already.')
      done.push(['invite', name, role])
      return 'their-first-password'
    },
    listPeople: async () => [
      { name: 'admin', role: 'admin', since: ago(9000), logins: 1, loggedInAt: ago(60), tokens: 1 },
      { name: 'ann', role: 'support', since: ago(600), logins: 0, tokens: 0 },
    ],
    async changeRole(name, role) {
      if (name === 'admin') throw new Problem('bad-request', 'It is the last admin.')
      done.push(['role', name, role])
    },
    removePerson: async (name) => void done.push(['remove', name]),
    async changePassword(name, { present }) {
      if (present !== 'right') throw new Problem('wrong-password', 'The present password is another.')
      done.push(['password', name])
    },
    resetPassword: async () => 'right',
    listSessions: async () => [
      { id: session.id, since: ago(600), seenAt: ago(5), source: '192.0.2.7', browser: 'Firefox on Linux' },
      { id: 'other-one', since: ago(7200), seenAt: ago(3600), source: '2001:4dd0::9', browser: 'curl' },
    ],
    endSession: async (...given) => void done.push(['end session', ...given]),
    endSessions: async (...given) => void done.push(['end sessions', ...given]),
    login: async (_, password) => (password === 'right' ? session : undefined),
    findSession: async (token) => (token === session.token ? { ...session, role } : undefined),
    logout: async (token) => {
      done.push(['logout', token])
      return []
    },
  }
}

const unlimited = { reached: () => false, refused: () => {}, forgive: () => {} }

/** One that is good, and one that has expired. */
function fakeApiTokens(done: unknown[], now: Date): ConsoleDependencies['apiTokens'] {
  const ago = before(now)
  const token = { id: 'abcdef012345', name: 'backup', scope: 'read', createdAt: ago(600) } as const
  return {
    async makeToken({ operator }, wanted) {
      if (wanted.name === token.name) throw new Problem('name-taken', 'You have a token backup already.')
      done.push(['token', operator, wanted])
      return { id: token.id, name: wanted.name, token: 'sixcast_the-token' }
    },
    listTokens: async () => [
      { ...token, expiresAt: ago(-86_400), isExpired: false, used: { at: ago(30), from: '192.0.2.8' } },
      { ...token, id: 'old', name: 'old', scope: 'fleet', expiresAt: ago(60), isExpired: true },
    ],
    async revokeToken(...given) {
      done.push(['revoke token', ...given])
      return token.name
    },
  }
}

const before = (now: Date) => (seconds: number) => new Date(now.getTime() - seconds * 1000)
