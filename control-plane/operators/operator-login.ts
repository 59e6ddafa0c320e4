import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { createMiddleware } from 'hono/factory'
import { sourceAddress } from '../addresses/source-address.ts'
import { actingAs } from '../audit/actor.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import type { ApiTokens } from './api-tokens.ts'
import { bearerOf, tokenHolder } from './bearer-token.ts'
import type { Visit } from './open-sessions.ts'
import type { OperatorAccounts, OperatorSession } from './operator-accounts.ts'
import { mayDo, type Role } from './roles.ts'

export type OperatorEnv = { Variables: { operator: OperatorSession } }
/** Who asks an API: somebody who is logged in, or a program with a token of his. */
export type ApiOperator = { operator: string; role: Role; token?: string }
export type ApiOperatorEnv = { Variables: { operator: Pick<ApiOperator, 'operator' | 'role'> } }
export type OperatorLogin = ReturnType<typeof operatorLogin>

type Dependencies = {
  accounts: OperatorAccounts
  tokens: Pick<ApiTokens, 'useToken'>
  /** Of passwords that were tried in vain. */
  limit: RefusalLimit
  /** Of tokens: a program that still sends an old one keeps nobody from his login. */
  tokenLimit: RefusalLimit
  publicUrl: string
}

/** Where people without a session are sent. */
const LOGIN_PATH = '/console/login'
/** The hidden field of every form that carries the session's `csrfToken`. */
export const CSRF_FIELD = 'csrf'

const TOO_MANY = 'Too many wrong passwords. Wait some minutes.'

/** Logins as the browser sees them. The pages around it are the console's. */
export function operatorLogin({ accounts, limit, publicUrl, ...programs }: Dependencies) {
  const secure = publicUrl.startsWith('https:')
  const cookie = secure ? '__Host-sixcast' : 'sixcast'
  const attributes = { path: '/', httpOnly: true, sameSite: 'Strict', secure } as const

  const sessionOf = async (c: Context) => {
    const token = getCookie(c, cookie)
    return token === undefined ? undefined : await accounts.findSession(token, visitOf(c))
  }

  /** With a token, or else with a session: then whoever changes something sends JSON, which no page of somebody else can without asking. */
  async function apiOperator(c: Context): Promise<ApiOperator> {
    const bearer = bearerOf(c)
    if (bearer !== undefined) return tokenHolder(c, bearer, programs)
    const session = await sessionOf(c)
    if (!session) throw new Problem('not-logged-in')
    if (!READING.has(c.req.method)) requireOwnJson(c, publicUrl)
    requireRole(c, session)
    return { operator: session.operator, role: session.role }
  }

  async function letInApi(c: Context, next: Next): Promise<void> {
    c.header('cache-control', 'no-store')
    const { operator, role, token } = await apiOperator(c)
    c.set('operator', { operator, role })
    return actingAs({ who: operator, source: sourceAddress(c), ...(token && { token }) }, next)
  }

  return {
    /** Opens a session and sets its cookie; absent when name or password are wrong. */
    async login(c: Context, name: string, password: string): Promise<OperatorSession | undefined> {
      const source = sourceAddress(c)
      if (limit.reached(source)) throw new Problem('too-many', TOO_MANY)
      limit.refused(source) // counted before the slow hash, or a hundred tries at once would all be let in
      const session = await actingAs({ who: name, source }, () => accounts.login(name, password, visitOf(c)))
      if (!session) return undefined
      limit.forgive(source)
      setCookie(c, cookie, session.token, { ...attributes, expires: session.expiresAt })
      return session
    },

    /** His own, who must say the present one: wrong ones are counted as those at the login are. */
    async changePassword(c: Context<OperatorEnv>, typed: { present: string; next: string }): Promise<void> {
      const source = sourceAddress(c)
      if (limit.reached(source)) throw new Problem('too-many', TOO_MANY)
      limit.refused(source)
      await accounts.changePassword(c.get('operator').operator, typed).catch((error: unknown) => {
        if (!(error instanceof Problem && error.code === 'wrong-password')) limit.forgive(source)
        throw error
      })
      limit.forgive(source)
    },

    async logout(c: Context): Promise<void> {
      const token = getCookie(c, cookie)
      if (token !== undefined) await accounts.logout(token)
      deleteCookie(c, cookie, attributes)
    },

    session: sessionOf,

    /** Only operators pass, as `c.get('operator')`; whoever changes something must also bring the session's token. */
    requireOperator: createMiddleware<OperatorEnv>(async (c, next) => {
      const session = await sessionOf(c)
      if (!session) return refuse(c)
      if (!READING.has(c.req.method) && (await csrfTokenFrom(c)) !== session.csrfToken)
        throw new Problem('foreign-request', 'This form is out of date. Load the page again.')
      requireRole(c, session)
      c.set('operator', session)
      return actingAs({ who: session.operator, source: sourceAddress(c) }, next)
    }),

    /** For programs: by a token of an operator, or by his session. */
    requireApiOperator: createMiddleware<ApiOperatorEnv>(letInApi),
    /** The same, for routes that others may ask too. */
    letInApi,

    /** For every route that takes a form, the login too: the form must stand on a page of ours. */
    requireOwnOrigin: ownOrigin(publicUrl),
  }
}

/** By what was asked for, not by who asks for it: no route can forget. */
export function requireRole(c: Context, { role }: Pick<OperatorSession, 'role'>): void {
  if (!mayDo(role, c.req.method, c.req.path))
    throw new Problem('not-allowed', `Your role is ${role}: this is not yours to see or to do. Ask an admin.`)
}

const visitOf = (c: Context): Visit => ({
  source: sourceAddress(c),
  agent: c.req.header('user-agent') ?? '',
})

const READING = new Set(['GET', 'HEAD'])

function refuse(c: Context) {
  if (READING.has(c.req.method) && c.req.header('accept')?.includes('text/html'))
    return c.redirect(LOGIN_PATH, 303)
  throw new Problem('not-logged-in')
}

async function csrfTokenFrom(c: Context): Promise<unknown> {
  const form = await c.req.parseBody().catch(() => ({}))
  return CSRF_FIELD in form ? form[CSRF_FIELD] : undefined
}

function requireOwnJson(c: Context, publicUrl: string) {
  if (!/\bjson\b/.test(c.req.header('content-type') ?? ''))
    throw new Problem('foreign-request', 'Send JSON and say so: content-type: application/json.')
  const origin = c.req.header('origin')
  if (origin !== undefined && !isOwn(origin, c, publicUrl)) throw new Problem('foreign-request')
}

/** Behind a proxy that ends TLS our own requests look like http, so the host alone is compared, or the public URL. */
const isOwn = (origin: string, c: Context, publicUrl: string) =>
  origin === new URL(publicUrl).origin || origin.replace(/^https?:\/\//, '') === c.req.header('host')

function ownOrigin(publicUrl: string): MiddlewareHandler {
  const check = csrf({ origin: (origin, c) => isOwn(origin, c, publicUrl) })
  return async (c, next) => {
    await check(c, async () => {}).catch(() => {
      throw new Problem('foreign-request')
    })
    await next()
  }
}
