import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import { cameByHttps } from './answer-security.ts'

type Sources = Partial<Record<'imgSrc' | 'mediaSrc' | 'connectSrc' | 'workerSrc', string[]>>

/** Nothing inline, nothing from elsewhere, no frames but where a page is made for them; a face adds only what it must reach. */
export function pageSecurity(sources: Sources = {}, framedBy: 'nobody' | 'anybody' = 'nobody') {
  const trusted = secureHeaders(headers(sources, framedBy))
  // Browsers isolate no page that came over plain HTTP, and warn whoever asks them to.
  const plain = secureHeaders({
    ...headers(sources, framedBy),
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  })
  return createMiddleware((c, next) => (isTrustworthy(c) ? trusted : plain)(c, next))
}

const headers = (sources: Sources, framedBy: 'nobody' | 'anybody'): Parameters<typeof secureHeaders>[0] => ({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: [framedBy === 'anybody' ? '*' : "'none'"],
    ...sources,
  },
  // Said with every answer, by answer-security.ts.
  strictTransportSecurity: false,
  referrerPolicy: 'same-origin',
  xFrameOptions: framedBy === 'anybody' ? false : 'DENY',
})

/** What browsers call so: HTTPS, and this very machine. */
function isTrustworthy(c: Context): boolean {
  if (cameByHttps(c)) return true
  const { hostname } = new URL(c.req.url)
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
