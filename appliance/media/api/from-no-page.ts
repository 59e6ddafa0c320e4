import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { MiddlewareHandler } from 'hono'

/** A browser on this machine counts as this machine, but the pages in it are somebody else's. */
export const fromNoPage: MiddlewareHandler = async (c, next) => {
  if (c.req.header('origin') !== undefined)
    throw new Problem('foreign-request', 'Changes are taken from programs, not from web pages.')
  await next()
}
