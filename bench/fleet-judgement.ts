import type { Standing } from '../control-plane/reachability/standing.ts'

/** What is true of a simulated node. */
export type Truth = 'well' | 'cut off' | 'dead'

export type Judgement = {
  /** What the control plane says of them is true by now. */
  seen: number
  /** It does not say yet what has become of them. */
  unseen: number
  /** It has taken nodes from viewers that are well. */
  wronged: number
}

/** How well the control plane sees a fleet. Of those that had fallen and are well again it need not know yet. */
export function judgeFleet(
  truth: Map<string, Truth>,
  said: Map<string, Standing>,
  fallen: Set<string> = new Set(),
): Judgement {
  const judgement = { seen: 0, unseen: 0, wronged: 0 }
  for (const [node, is] of truth) {
    const standing = said.get(node)
    if (standing !== undefined && TRUE_OF[is].includes(standing)) judgement.seen += 1
    else if (is === 'well' && !fallen.has(node) && standing !== undefined && DOWN.includes(standing))
      judgement.wronged += 1
    else judgement.unseen += 1
  }
  return judgement
}

const TRUE_OF: Record<Truth, Standing[]> = {
  well: ['healthy'],
  'cut off': ['unreachable'],
  dead: ['offline'],
}
const DOWN: Standing[] = ['unreachable', 'offline', 'flapping']
