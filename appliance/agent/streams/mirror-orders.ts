import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'

export type OrderedMirrors = ReturnType<typeof orderedMirrors>

/** What this node is to copy, as the control plane said it last. While nobody knows, what is copied goes on. */
export function orderedMirrors() {
  let orders: MirrorOrder[] | undefined

  return {
    now: () => orders,
    /** By an accepted heartbeat; one of a release that does not tell says nothing. */
    told(mirrors: MirrorOrder[] | undefined) {
      orders = mirrors
    },
    /** The fleet does not take this node any more: it copies nothing of it. */
    drop() {
      orders = []
    },
  }
}
