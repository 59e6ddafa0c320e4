type Clocks = { wall: () => number; monotonic: () => number }

/**
 * Wall time in milliseconds, read once and counted on from there: whoever sets the machine's clock meanwhile moves nothing
 * that players hold on to.
 */
export function steadyClock(
  { wall, monotonic }: Clocks = { wall: Date.now, monotonic: () => performance.now() },
) {
  const ahead = wall() - monotonic()
  return { now: () => ahead + monotonic() }
}
