import type { Hono } from 'hono'
import { Problem } from '../contract/problem.ts'

/** Has an app that hides nothing tell by which methods an address can be asked, if not by this one. After answerProblems. */
export function answerMethods(app: Hono): void {
  app.notFound((c) => {
    const taken = methodsOf(app, c.req.path)
    if (!taken.length)
      return c.json(new Problem('not-found', 'There is nothing under this address.').body(), 404)
    const methods = new Intl.ListFormat('en').format(taken)
    const refused = new Problem('bad-method', `This address takes ${methods}, not ${c.req.method}.`)
    return c.json(refused.body(), 405, { allow: taken.join(', ') })
  })
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Without what stands before all of them. */
function methodsOf(app: Hono, path: string): string[] {
  return METHODS.filter((method) => {
    const [found] = app.router.match(method, path)
    return found.some(([[, route]]) => route.method !== 'ALL')
  })
}
