import * as z from 'zod'
import { SessionId, StreamName } from './names.ts'
import { PathwayId } from './steering.ts'

/** Of what, and by which way. Nothing in it says who tells it. */
const about = { stream: StreamName, session: SessionId.optional(), pathway: PathwayId }
const LONGEST_MS = 10 * 60_000

/** `POST /beacon`: what a player has met with, as plain text so that browsers send it from any page without asking first. */
export const Beacon = z.discriminatedUnion('what', [
  /** From when the viewer could expect a picture until he had one. */
  z.object({ what: z.literal('join'), ...about, ms: z.int().min(0).max(LONGEST_MS) }),
  /** The picture stood. */
  z.object({ what: z.literal('stall'), ...about, ms: z.int().min(0).max(LONGEST_MS) }),
  /** The pathway has failed, while another one answered. */
  z.object({ what: z.literal('failure'), ...about, how: z.enum(['refused', 'timeout', 'error']) }),
  /** Played since it last told; every five minutes, and at the end. */
  z.object({ what: z.literal('watched'), ...about, seconds: z.int().min(1).max(900) }),
])
export type Beacon = z.infer<typeof Beacon>
