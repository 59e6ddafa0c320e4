import { randomBytes } from 'node:crypto'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import * as z from 'zod'
import { hashSecret, newSecret } from '../secrets/secret-hash.ts'
import type { ApiTokenRepository } from './api-token-repository.ts'
import type { Role } from './roles.ts'
import { SCOPES, type Scope, scopesOf, TOKEN_DAYS } from './token-scopes.ts'

export type ApiTokens = ReturnType<typeof apiTokens>
export type ApiToken = {
  id: string
  name: string
  scope: Scope
  createdAt: Date
  expiresAt: Date
  isExpired: boolean
  used?: { at: Date; from: string }
}
/** Who asks by a token, as what, and by which. */
export type TokenHolder = { operator: string; role: Role; token: string; scope: Scope }

/** So that whoever finds one in a log or a repository knows what it is. */
const PREFIX = 'sixcast_'
const DAY_MS = 86_400_000
/** One person's programs. */
const MOST_TOKENS = 50
const USE_WRITTEN_EVERY_MS = 60_000

const NewToken = z.object({
  /** It stands in the record, beside the name of its owner. */
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, 'has letters, digits, spaces, dots, - and _, at most 40'),
  scope: z.enum(SCOPES),
  days: z.literal(TOKEN_DAYS),
})
export type WantedToken = { name: string; scope: string; days: number }

type Dependencies = { apiTokenRows: ApiTokenRepository; now?: () => Date }

/** What programs act with for somebody. They may do what he may, narrowed by their scope, and no longer than they last. */
export function apiTokens({ apiTokenRows: tokens, now = () => new Date() }: Dependencies) {
  return {
    /** The token is told here once and never again. */
    async makeToken(owner: { operator: string; role: Role }, wanted: WantedToken) {
      const said = NewToken.safeParse(wanted)
      if (!said.success)
        throw new Problem('bad-request', `${issuesSentence(said.error.issues, 'The token')}.`)
      const { name, scope, days } = said.data
      if (!scopesOf(owner.role).includes(scope))
        throw new Problem('bad-request', `Your role is ${owner.role}: a token for ${scope} could do nothing.`)
      const [token, id] = [PREFIX + newSecret(), randomBytes(6).toString('hex')]
      await refuseTooMany(owner.operator, name)
      await tokens.add({
        ...{ id, name, scope, token_hash: hashSecret(token), operator_name: owner.operator },
        ...{ created_at: now(), expires_at: new Date(now().getTime() + days * DAY_MS) },
      })
      return { id, name, token }
    },

    async listTokens(operator: string): Promise<ApiToken[]> {
      const rows = await tokens.listOf(operator)
      return rows.map(({ id, name, scope, created_at, expires_at, used_at, used_from }) => ({
        ...{ id, name, scope, createdAt: created_at, expiresAt: expires_at, isExpired: expires_at <= now() },
        ...(used_at && { used: { at: used_at, from: used_from ?? '' } }),
      }))
    },

    /** Its name is told. */
    async revokeToken(operator: string, id: string): Promise<string> {
      const found = (await tokens.listOf(operator)).find((each) => each.id === id)
      if (!found || !(await tokens.remove(operator, id)))
        throw new Problem('not-found', 'There is no such token, or it is revoked already.')
      return found.name
    },

    /** Whose it is; absent when nobody's. Notes at most once a minute that it was used. */
    async useToken(token: string, from: string): Promise<TokenHolder | undefined> {
      if (!token.startsWith(PREFIX)) return undefined
      const found = await tokens.find(hashSecret(token))
      if (!found) return undefined
      if (found.expires_at <= now())
        throw new Problem(
          'not-logged-in',
          `The token ${found.name} has expired. Make another in the console.`,
        )
      if (now().getTime() - (found.used_at?.getTime() ?? 0) >= USE_WRITTEN_EVERY_MS)
        await tokens.recordUse(found.id, now(), from.slice(0, 50))
      return { operator: found.operator_name, role: found.role, token: found.name, scope: found.scope }
    },
  }

  /** Each has a name of its own, or the record would not tell which it was. */
  async function refuseTooMany(operator: string, name: string): Promise<void> {
    const present = await tokens.listOf(operator)
    if (present.some((each) => each.name === name))
      throw new Problem(
        'name-taken',
        `You have a token ${name} already. Revoke it first, or choose another name.`,
      )
    if (present.length >= MOST_TOKENS)
      throw new Problem('bad-request', `You have ${MOST_TOKENS} tokens. Revoke those that no program uses.`)
  }
}
