/** More than any node's line can serve; who invents viewers must not fill our memory. */
const MOST_VIEWERS = 20_000

/** Who was seen within the last `windowMs`. */
export function recentViewers(windowMs: number) {
  /** When each was seen last; who was seen last stands last. */
  const seenAt = new Map<string, number>()

  function forgetOld(nowMs: number) {
    for (const [viewer, at] of seenAt) {
      if (at >= nowMs - windowMs) return
      seenAt.delete(viewer)
    }
  }

  return {
    saw(viewer: string, nowMs: number) {
      forgetOld(nowMs)
      seenAt.delete(viewer)
      if (seenAt.size < MOST_VIEWERS) seenAt.set(viewer, nowMs)
    },

    count(nowMs: number): number {
      forgetOld(nowMs)
      return seenAt.size
    },
  }
}
