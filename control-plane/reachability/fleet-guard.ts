/**
 * The nodes of one address family that are up, or were healthy within ten minutes; and those of them that the last probe missed.
 * Who was found, and should have been asked again long ago, is in neither: when a large fleet fails, not all may have been asked since.
 */
export type FleetHealth = { lately: number; failing: number }

/** What else fails with them is more likely the prober than they. */
const AT_ONCE = { nodes: 3, share: 0.5 }

export const LATELY_MS = 10 * 60_000
export const OVERDUE_MS = 5000

/** Whether a node that is missed may be taken from the viewers: not while so many others are missed with it. */
export const mayFall = ({ lately, failing }: FleetHealth) =>
  failing < AT_ONCE.nodes || failing < AT_ONCE.share * lately
