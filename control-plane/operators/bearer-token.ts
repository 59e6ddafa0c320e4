import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Context } from 'hono'
import { sourceAddress } from '../addresses/source-address.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import type { ApiTokens, TokenHolder } from './api-tokens.ts'
import { mayDo } from './roles.ts'
import { tokenMayDo } from './token-scopes.ts'

type Dependencies = { tokens: Pick<ApiTokens, 'useToken'>; tokenLimit: RefusalLimit }

/** Absent unless the request brings a bearer token, be it an empty one; other words of that header are for a proxy before us. */
export const bearerOf = (c: Context): string | undefined =>
  /^bearer(?=\s|$)(.*)$/i.exec(c.req.header('authorization') ?? '')?.[1]?.trim()

/** Whose token it is, if that one may do what is asked for. Guesses are counted: soon nobody at that address is listened to. */
export async function tokenHolder(
  c: Context,
  token: string,
  { tokens, tokenLimit }: Dependencies,
): Promise<TokenHolder> {
  const source = sourceAddress(c)
  if (tokenLimit.reached(source))
    throw new Problem('too-many', 'Too many wrong tokens came from your address. Wait some minutes.')
  c.header('www-authenticate', 'Bearer')
  const holder = await tokens.useToken(token, source)
  if (!holder) {
    tokenLimit.refused(source)
    throw new Problem('not-logged-in', 'There is no such token, or it was revoked. Make one in the console.')
  }
  c.header('www-authenticate', undefined)
  requireScope(c, holder)
  return holder
}

function requireScope(c: Context, { scope, role, token }: TokenHolder): void {
  const asked = [c.req.method, c.req.path] as const
  if (tokenMayDo(scope, role, ...asked)) return
  throw new Problem(
    'not-allowed',
    mayDo(role, ...asked)
      ? `The token ${token} is for ${scope}, and this is something else. Use one that is for it.`
      : `The token ${token} is of somebody whose role is ${role}: this is not his to see or to do.`,
  )
}
