import { SERVICES } from '../limits/node-service.ts'
import type { Standing } from '../reachability/standing.ts'

type Found = {
  /** Where a probe has found the node, and how it stands there. */
  proven: string | null
  stood: Standing | null
  /** The same in the family that the claimed address is not of. */
  other: string | null
  other_stood: Standing | null
}

/** Where whoever has both families fetches from a node: at the other address only while the claimed one is not found. */
export function foundAt({ proven, stood, other, other_stood }: Found): string | null {
  if (other === null || (proven !== null && !isDown(stood))) return proven
  return proven === null || !isDown(other_stood) ? other : proven
}

export const isDown = (standing: Standing | null) => SERVICES[standing ?? 'pending'].viewers === 'none'
