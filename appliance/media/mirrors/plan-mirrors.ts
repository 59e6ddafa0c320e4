import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'

/** What this node copies, or tries to. `isLeaving`: it is ordered no more. */
export type PresentMirror = MirrorOrder & { isLeaving: boolean }

export type MirrorPlan = {
  start: MirrorOrder[]
  /** Ordered as before, perhaps from another address, perhaps again. */
  keep: MirrorOrder[]
  leave: MirrorOrder[]
  refused: { order: MirrorOrder; why: 'own' | 'twice' | 'address' }[]
}

type Known = {
  orders: MirrorOrder[]
  present: PresentMirror[]
  /** Whether this node has a source of its own for the stream. */
  isOwn: (stream: string) => boolean
  isForbidden: (from: string) => boolean
}

/** What becomes of the copies when this is ordered. One session of a stream at a time; a source of this node's own comes first. */
export function planMirrors({ orders, present, isOwn, isForbidden }: Known): MirrorPlan {
  const plan: MirrorPlan = { start: [], keep: [], leave: [], refused: [] }
  const taken = new Set<string>()
  for (const order of orders) {
    const why = refusalOf(order)
    if (why) plan.refused.push({ order, why })
    else {
      taken.add(order.stream)
      if (present.some(isSame(order))) plan.keep.push(order)
      else plan.start.push(order)
    }
  }
  plan.leave = present.filter((mirror) => !mirror.isLeaving && !plan.keep.some(isSame(mirror)))
  return plan

  function refusalOf({ stream, from }: MirrorOrder) {
    if (isOwn(stream)) return 'own'
    if (taken.has(stream)) return 'twice'
    return isForbidden(from) ? 'address' : undefined
  }
}

const isSame = (one: MirrorOrder) => (other: MirrorOrder) =>
  one.stream === other.stream && one.session === other.session
