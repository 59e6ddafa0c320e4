import { SessionId } from '@sixcast/shared/contract/names.ts'
import { PathwayId } from '@sixcast/shared/contract/steering.ts'
import * as z from 'zod'

/** What a player brings along each time it asks where to play from: we keep nothing of it. */
export type SteeringTicket = {
  /** Drawn once for its playback. */
  viewer: string
  /** The session that its playlist is of. */
  session?: SessionId | undefined
  six: boolean
  /** The pathways it knows. */
  has: PathwayId[]
}

const MOST_PATHWAYS = 10

/** A comma list. Of a long one the last count: a player that has watched for days has met many ways. */
export const PathwayList = z
  .string()
  .transform((list) => list.split(',').filter(Boolean).slice(-MOST_PATHWAYS))
  .pipe(z.array(PathwayId))

/** Players bar a steering server for good that refuses them, so whatever cannot be read is as if it were not there. */
const Asked = z.object({
  viewer: z.string().max(40).catch(''),
  session: SessionId.optional().catch(undefined),
  six: z.literal('1').optional().catch(undefined),
  has: PathwayList.catch([]),
  exclude: PathwayList.catch([]),
  _HLS_pathway: PathwayId.optional().catch(undefined),
})

/** And what it adds of its own: where it plays from, and what has failed it lately. */
export function readSteeringTicket(query: Record<string, string>) {
  const { six, _HLS_pathway: present, exclude, ...ticket } = Asked.parse(query)
  return { ticket: { ...ticket, six: six !== undefined }, present, exclude }
}

/** Relative to the control plane, under whatever name the viewer came by. */
export function steeringUri(stream: string, { viewer, session, six, has }: SteeringTicket): string {
  const query = new URLSearchParams({
    viewer,
    ...(session && { session }),
    ...(six && { six: '1' }),
    has: has.slice(-MOST_PATHWAYS).join(','),
  })
  return `/steer/${encodeURIComponent(stream)}?${query}`
}
