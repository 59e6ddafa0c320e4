import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { type MePage, mePage } from './me-page.ts'
import { refusalOf } from './refusal-of.ts'

const PasswordForm = z.object({ present: z.string().max(10_000), next: z.string().max(10_000) })
const TokenForm = z.object({ name: z.string().max(200), scope: z.string().max(20), days: z.string().max(5) })

/** Everybody's own password, logins and tokens. */
export function meRoutes({ accounts, apiTokens, login, now = () => new Date() }: ConsoleDependencies) {
  async function page(c: Context<OperatorEnv>, more: Partial<MePage> = {}) {
    const operator = c.get('operator')
    const [sessions, tokens] = await Promise.all([
      accounts.listSessions(operator.operator),
      apiTokens.listTokens(operator.operator),
    ])
    return mePage({ operator, sessions, tokens, now: now(), ...more })
  }

  return (
    new Hono<OperatorEnv>()
      .get('/me', async (c) => c.html(await page(c)))
      .post('/me/password', accept('form', PasswordForm), async (c) => {
        const problem = await refusalOf(login.changePassword(c, c.req.valid('form')))
        if (problem) return c.html(await page(c, { problem: problem.message }), problem.status)
        await login.logout(c)
        return c.redirect('/console/login', 303)
      })
      // Answered without a redirect: a token is kept nowhere from which another request could show it.
      .post('/me/tokens', accept('form', TokenForm), async (c) => {
        const typed = c.req.valid('form')
        const making = apiTokens.makeToken(c.get('operator'), { ...typed, days: Number(typed.days) })
        const problem = await refusalOf(making)
        if (problem)
          return c.html(await page(c, { token: { typed, problem: problem.message } }), problem.status)
        return c.html(await page(c, { made: await making }))
      })
      .post('/me/tokens/:id/revoke', async (c) => {
        await apiTokens.revokeToken(c.get('operator').operator, c.req.param('id'))
        return c.redirect('/console/me', 303)
      })
      .post('/me/sessions/end', async (c) => {
        const { operator, token } = c.get('operator')
        await accounts.endSessions(operator, token)
        return c.redirect('/console/me', 303)
      })
      // Whoever ends the one he sits at is led to the login by the page that comes next.
      .post('/me/sessions/:id/end', async (c) => {
        await accounts.endSession(c.get('operator').operator, c.req.param('id'))
        return c.redirect('/console/me', 303)
      })
  )
}
