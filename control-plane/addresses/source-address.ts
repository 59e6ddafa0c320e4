import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { canonicalAddress } from './addresses.ts'
import { forwardedSource, type IsOwnProxy } from './forwarded-source.ts'

declare module 'hono' {
  interface ContextVariableMap {
    source?: string
  }
}

/** Where a request comes from: the other end of the connection, or whom our own proxy there speaks for. */
export const sourceAddress = (c: Context): string => c.get('source') ?? peerAddress(c)

/** Stands before whatever asks for the source. */
export const believeProxies = (isOwn: IsOwnProxy) =>
  createMiddleware((c, next) => {
    c.set('source', forwardedSource(peerAddress(c), c.req.header('x-forwarded-for'), isOwn))
    return next()
  })

const peerAddress = (c: Context) => canonicalAddress(getConnInfo(c).remote.address ?? '')
