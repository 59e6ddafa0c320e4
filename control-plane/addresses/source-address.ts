import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { canonicalAddress } from './addresses.ts'

/** The other end of the connection. */
export const sourceAddress = (c: Context) => canonicalAddress(getConnInfo(c).remote.address ?? '')
