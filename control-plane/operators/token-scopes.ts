import { mayDo, type Role } from './roles.ts'

/** What a token is for. Each changes one kind of thing, and reads that kind; `read` reads everything and changes nothing. */
export const SCOPES = ['read', 'fleet', 'content', 'claims'] as const
export type Scope = (typeof SCOPES)[number]

export const SCOPE_WORDS: Record<Scope, string> = {
  read: 'reads what you may read, changes nothing',
  fleet: 'duties, commands, configurations, copies of streams',
  content: 'streams, and what viewers see of them',
  claims: 'claims, and links to verdicts',
}

/** How long one may be made for. */
export const TOKEN_DAYS = [30, 90, 365] as const

const READING = new Set(['GET', 'HEAD'])

const FOR: Record<Scope, { reads: RegExp; changes?: RegExp; such: [method: string, path: string] }> = {
  read: { reads: /^\/(v1\/.|metrics$)/, such: ['GET', '/v1/nodes/-/verdict'] },
  fleet: {
    reads: /^\/v1\/(nodes(\/.+)?|mirrors\/rule|streams\/[^/]+\/mirrors)$/,
    changes:
      /^\/v1\/(nodes\/[^/]+\/(duty|commands|configuration(\/rollback)?)|mirrors\/rule|streams\/[^/]+\/mirrors)$/,
    such: ['PUT', '/v1/nodes/-/duty'],
  },
  content: {
    reads: /^\/v1\/streams(\/[^/]+(\/mirrors)?)?$/,
    changes: /^\/v1\/streams(\/[^/]+\/listing)?$/,
    such: ['PUT', '/v1/streams/-/listing'],
  },
  claims: {
    reads: /^\/v1\/(claims|nodes\/[^/]+\/verdict)$/,
    changes: /^\/v1\/(claims(\/[^/]+)?|nodes\/[^/]+\/verdict-link)$/,
    such: ['POST', '/v1/claims'],
  },
}

/** Whether a request with such a token is let in: scope and role of its owner must both allow it. What no scope names is for no token. */
export function tokenMayDo(scope: Scope, role: Role, method: string, path: string): boolean {
  const { reads, changes } = FOR[scope]
  const isNamed = READING.has(method) ? reads.test(path) : (changes?.test(path) ?? false)
  return isNamed && mayDo(role, method, path)
}

/** Those with which somebody of this role can do what they are for. */
export const scopesOf = (role: Role): Scope[] =>
  SCOPES.filter((scope) => tokenMayDo(scope, role, ...FOR[scope].such))
