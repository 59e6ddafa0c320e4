/** A rendition as a viewer chooses it. */
export type Quality = { height: number; bitrate: number }

/** What is offered, best first; of two with one height the better. */
export function offeredQualities(all: readonly Quality[]): Quality[] {
  const best = new Map<number, Quality>()
  for (const quality of all)
    if (quality.bitrate > (best.get(quality.height)?.bitrate ?? -1)) best.set(quality.height, quality)
  return [...best.values()].sort((a, b) => b.height - a.height)
}

/** The place of the one that was chosen, or of the nearest below when a new ladder has it no more; -1 leaves it to the engine. */
export function placeOf(chosen: number | undefined, all: readonly Quality[]): number {
  if (chosen === undefined) return -1
  const offered = offeredQualities(all)
  const taken = offered.find(({ height }) => height <= chosen) ?? offered.at(-1)
  return all.findIndex(({ height, bitrate }) => height === taken?.height && bitrate === taken.bitrate)
}

/** Sound alone has no height. */
export const qualityName = ({ height, bitrate }: Quality): string =>
  height > 0 ? `${height}p` : `${Math.round(bitrate / 1000)} kbit/s`
