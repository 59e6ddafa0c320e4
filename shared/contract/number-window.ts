/** Which request numbers of a boot epoch were seen: the highest, and as bits the 64 up to it (bit 0 is the highest itself). */
export type NumberWindow = { epoch: number; highest: number; seen: bigint }
export type WindowVerdict = 'fresh' | 'replayed' | 'epoch-behind'

const WIDTH = 64

/**
 * Whether a number may pass, and the window after it. Requests overtake each other on the way, so order is not asked,
 * only that each number comes once and none is older than the window.
 */
export function admitNumber(
  window: NumberWindow,
  epoch: number,
  number: number,
): [WindowVerdict, NumberWindow] {
  if (epoch < window.epoch) return ['epoch-behind', window]
  if (epoch > window.epoch) return ['fresh', { epoch, highest: number, seen: 1n }]
  const ahead = number - window.highest
  if (ahead > 0) {
    const kept = ahead >= WIDTH ? 0n : BigInt.asUintN(WIDTH, window.seen << BigInt(ahead))
    return ['fresh', { epoch, highest: number, seen: kept | 1n }]
  }
  const bit = 1n << BigInt(-ahead)
  if (-ahead >= WIDTH || (window.seen & bit) !== 0n) return ['replayed', window]
  return ['fresh', { ...window, seen: window.seen | bit }]
}
