import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { mePage, peoplePage } from './people-page.ts'
import { refusalOf } from './refusal-of.ts'

const Invitation = z.object({ name: z.string().max(200), role: z.string().max(50) })
const RoleForm = z.object({ role: z.string().max(50) })
const PasswordForm = z.object({ present: z.string().max(10_000), next: z.string().max(10_000) })

/** Who may log in, and everybody's own password. */
export function peopleRoutes({ accounts, login, now = () => new Date() }: ConsoleDependencies) {
  const page = async (c: Context<OperatorEnv>, more: Partial<Parameters<typeof peoplePage>[0]> = {}) =>
    peoplePage({ people: await accounts.listPeople(), operator: c.get('operator'), now: now(), ...more })

  /** Done, and back to the list; what cannot be done is said there. */
  async function andBack(c: Context<OperatorEnv>, deed: Promise<unknown>) {
    const problem = await refusalOf(deed)
    if (!problem) return c.redirect('/console/people', 303)
    return c.html(await page(c, { problem: problem.message }), problem.status)
  }

  return (
    new Hono<OperatorEnv>()
      .get('/people', async (c) => c.html(await page(c)))
      // Answered without a redirect: a password is kept nowhere from which another request could show it.
      .post('/people', accept('form', Invitation), async (c) => {
        const typed = c.req.valid('form')
        const invited = accounts.invite(typed.name, typed.role)
        const problem = await refusalOf(invited)
        if (problem) return c.html(await page(c, { typed, problem: problem.message }), problem.status)
        return c.html(await page(c, { made: { name: typed.name.trim(), password: await invited } }))
      })
      .post('/people/:name/password', async (c) => {
        const name = c.req.param('name')
        if (!(await accounts.exists(name))) return c.notFound()
        const password = await accounts.resetPassword(name)
        // Whoever renews his own is logged out by it, and reads it here all the same.
        return c.html(await page(c, { made: { name, password } }))
      })
      .post('/people/:name/role', accept('form', RoleForm), (c) =>
        andBack(c, accounts.changeRole(c.req.param('name'), c.req.valid('form').role)),
      )
      .post('/people/:name/remove', (c) => andBack(c, accounts.removePerson(c.req.param('name'))))
      .get('/me', (c) => c.html(mePage({ operator: c.get('operator') })))
      .post('/me/password', accept('form', PasswordForm), async (c) => {
        const { operator } = c.get('operator')
        const problem = await refusalOf(accounts.changePassword(operator, c.req.valid('form')))
        if (problem)
          return c.html(mePage({ operator: c.get('operator'), problem: problem.message }), problem.status)
        await login.logout(c)
        return c.redirect('/console/login', 303)
      })
  )
}
