import { Problem } from '@sixcast/shared/contract/problem.ts'
import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { peoplePage } from './people-page.ts'
import { personPage } from './person-page.ts'
import { refusalOf } from './refusal-of.ts'

const Invitation = z.object({ name: z.string().max(200), role: z.string().max(50) })
const RoleForm = z.object({ role: z.string().max(50) })

/** Who may log in, as what, and what acts for them. */
export function peopleRoutes({ accounts, apiTokens, now = () => new Date() }: ConsoleDependencies) {
  const page = async (c: Context<OperatorEnv>, more: Partial<Parameters<typeof peoplePage>[0]> = {}) =>
    peoplePage({ people: await accounts.listPeople(), operator: c.get('operator'), now: now(), ...more })

  /** Done, and back to the list; what cannot be done is said there. */
  async function andBack(c: Context<OperatorEnv>, deed: Promise<unknown>) {
    const problem = await refusalOf(deed)
    if (!problem) return c.redirect('/console/people', 303)
    return c.html(await page(c, { problem: problem.message }), problem.status)
  }

  async function personOf(name: string) {
    const person = (await accounts.listPeople()).find((one) => one.name === name)
    if (!person) throw new Problem('not-found', 'There is nobody of this name.')
    return person
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
      .get('/people/:name', async (c) => {
        const person = await personOf(c.req.param('name'))
        const [sessions, tokens] = await Promise.all([
          accounts.listSessions(person.name),
          apiTokens.listTokens(person.name),
        ])
        return c.html(personPage({ person, sessions, tokens, operator: c.get('operator'), now: now() }))
      })
      .post('/people/:name/sessions/end', async (c) => {
        const name = c.req.param('name')
        // An admin who ends all of his own stays at the one he sits at.
        const { operator, token } = c.get('operator')
        await accounts.endSessions(name, name === operator ? token : '')
        return c.redirect(pathOf(name), 303)
      })
      .post('/people/:name/sessions/:id/end', async (c) => {
        await accounts.endSession(c.req.param('name'), c.req.param('id'))
        return c.redirect(pathOf(c.req.param('name')), 303)
      })
      .post('/people/:name/tokens/:id/revoke', async (c) => {
        await apiTokens.revokeToken(c.req.param('name'), c.req.param('id'))
        return c.redirect(pathOf(c.req.param('name')), 303)
      })
  )
}

const pathOf = (name: string) => `/console/people/${encodeURIComponent(name)}`
