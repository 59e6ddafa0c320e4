import type { MirroredStream, MirrorNode } from './plan-mirrors.ts'
import type { Reach } from './reach-origin.ts'

/** Why a node cannot copy a stream. */
export type Obstacle =
  | 'origin'
  | NonNullable<MirrorNode['barred']>
  | Exclude<MirrorNode['standing'], 'healthy'>
  | 'reach'
  | 'limit'
  | 'full'

/** So many streams one node copies at most: what it takes in must leave its line free for its own. */
export const MOST_PER_NODE = 20

type Weighed = {
  node: MirrorNode
  origin: NonNullable<MirroredStream['origin']>
  /** How it gets to the origin, if it does. */
  reach: Reach | undefined
  /** It copies the stream already: then it may be in doubt, and as busy as it likes. */
  kept: boolean
  /** How many streams it copies. */
  copying: number
}

export function obstacleOf({ node, origin, reach, kept, copying }: Weighed): Obstacle | undefined {
  if (node.id === origin.nodeId) return 'origin'
  if (node.barred) return node.barred
  if (node.standing !== 'healthy' && !(kept && isUp(node))) return node.standing
  if (origin.places.length > 0 && !reach) return 'reach'
  if (kept) return undefined
  if (copying >= MOST_PER_NODE) return 'limit'
  return (node.usedShare ?? 0) >= 1 ? 'full' : undefined
}

/** In doubt, and not down: pending is also who has just moved to another address. */
const isUp = ({ standing }: MirrorNode) =>
  standing === 'suspect' || standing === 'flapping' || standing === 'pending'
