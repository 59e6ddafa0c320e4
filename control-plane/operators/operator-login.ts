import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { createMiddleware } from 'hono/factory'
import { sourceAddress } from '../addresses/source-address.ts'
import { actingAs } from '../audit/actor.ts'
import type { RefusalLimit } from '../refusal-limit.ts'
import type { OperatorAccounts, OperatorSession } from './operator-accounts.ts'
import { mayDo } from './roles.ts'

export type OperatorEnv = { Variables: { operator: OperatorSession } }
export type OperatorLogin = ReturnType<typeof operatorLogin>

type Dependencies = { accounts: OperatorAccounts; limit: RefusalLimit; publicUrl: string }

/** Where people without a session are sent. */
const LOGIN_PATH = '/console/login'
/** The hidden field of every form that carries the session's `csrfToken`. */
export const CSRF_FIELD = 'csrf'

/** Logins as the browser sees them. The pages around it are the console's. */
export function operatorLogin({ accounts, limit, publicUrl }: Dependencies) {
  const secure = publicUrl.startsWith('https:')
  const cookie = secure ? '__Host-sixcast' : 'sixcast'
  const attributes = { path: '/', httpOnly: true, sameSite: 'Strict', secure } as const

  const sessionOf = async (c: Context) => {
    const token = getCookie(c, cookie)
    return token === undefined ? undefined : await accounts.findSession(token)
  }

  return {
    /** Opens a session and sets its cookie; absent when name or password are wrong. */
    async login(c: Context, name: string, password: string): Promise<OperatorSession | undefined> {
      const source = sourceAddress(c)
      if (limit.reached(source)) throw new Problem('too-many', 'Too many wrong passwords. Wait some minutes.')
      limit.refused(source) // counted before the slow hash, or a hundred tries at once would all be let in
      const session = await actingAs({ who: name, source }, () => accounts.login(name, password))
      if (!session) return undefined
      limit.forgive(source)
      setCookie(c, cookie, session.token, { ...attributes, expires: session.expiresAt })
      return session
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

    /** For programs with an operator's session. Whoever changes something sends JSON: no page of somebody else can without asking. */
    requireApiOperator: createMiddleware<OperatorEnv>(async (c, next) => {
      c.header('cache-control', 'no-store')
      const session = await sessionOf(c)
      if (!session) throw new Problem('not-logged-in')
      if (!READING.has(c.req.method)) requireOwnJson(c, publicUrl)
      requireRole(c, session)
      c.set('operator', session)
      return actingAs({ who: session.operator, source: sourceAddress(c) }, next)
    }),

    /** For every route that takes a form, the login too: the form must stand on a page of ours. */
    requireOwnOrigin: ownOrigin(publicUrl),
  }
}

/** By what was asked for, not by who asks for it: no route can forget. */
export function requireRole(c: Context, { role }: Pick<OperatorSession, 'role'>): void {
  if (!mayDo(role, c.req.method, c.req.path))
    throw new Problem('not-allowed', `Your role is ${role}: this is not yours to see or to do. Ask an admin.`)
}

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
