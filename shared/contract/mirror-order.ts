import * as z from 'zod'
import { SessionId, StreamName } from './names.ts'

/** A host and port as they stand in a URL: an IPv6 address in brackets. */
const Endpoint = z.string().regex(/^(?:\[[0-9a-f:.]{2,45}\]|[0-9.]{7,15}):[0-9]{1,5}$/)

/** One session of a stream that a node is to copy, byte by byte, from the CDN endpoint of the node that makes it (the origin). */
export const MirrorOrder = z.object({ stream: StreamName, session: SessionId, from: Endpoint })
export type MirrorOrder = z.infer<typeof MirrorOrder>

/** All that one node is to copy. */
export const MirrorOrders = z.array(MirrorOrder).max(100)
export type MirrorOrders = z.infer<typeof MirrorOrders>

/** The program as which a node copies from another: it costs bytes, but nobody watches. */
export const MIRROR = 'Sixcast-Mirror'
