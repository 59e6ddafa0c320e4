import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'

/** A year, as browsers ask it of whoever means it. */
const HOLDS_SECONDS = 365 * 86_400

/**
 * For every answer, pages or not. A browser that has come by HTTPS once comes by nothing else for a year, so that nobody on its way
 * can lead it to a false login by plain HTTP. That holds for all ports of this host: what nodes and relay serve by plain HTTP beside
 * it, no page that came by HTTPS could load anyway. It does not hold for hosts below it: nodes are called so, and see to their own
 * certificates.
 */
export function answerSecurity({ publicUrl }: { publicUrl: string }) {
  const isHttps = publicUrl.startsWith('https:')
  return createMiddleware(async (c, next) => {
    await next()
    c.header('x-content-type-options', 'nosniff')
    if (isHttps && cameByHttps(c)) c.header('strict-transport-security', `max-age=${HOLDS_SECONDS}`)
  })
}

/** Which a proxy before us may have ended. */
export const cameByHttps = (c: Context): boolean =>
  new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https'
