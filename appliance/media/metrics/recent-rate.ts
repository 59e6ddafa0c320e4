const SLOTS = 10

/** How much of something there was lately, per second: over a window of `windowMs`, a tenth of it more or less. */
export function recentRate(windowMs: number) {
  const slotMs = windowMs / SLOTS
  const slots = new Map<number, number>()

  return {
    saw(amount: number, nowMs: number) {
      const slot = Math.floor(nowMs / slotMs)
      slots.set(slot, (slots.get(slot) ?? 0) + amount)
      for (const old of slots.keys()) if (old < slot - SLOTS) slots.delete(old)
    },
    /** Without the slot that is still being filled. */
    perSecond(nowMs: number): number {
      const present = Math.floor(nowMs / slotMs)
      const whole = [...slots].filter(([slot]) => slot < present && slot >= present - SLOTS)
      return whole.reduce((sum, [, amount]) => sum + amount, 0) / (windowMs / 1000)
    },
  }
}
