/** Something kept for each stream, made when it is first wanted and forgotten with the stream. */
export function perStream<Kept>(isKnown: (stream: string) => boolean, create: () => Kept) {
  const kept = new Map<string, Kept>()

  function forgetGone() {
    for (const stream of kept.keys()) if (!isKnown(stream)) kept.delete(stream)
  }

  return {
    find: (stream: string): Kept | undefined => kept.get(stream),

    /** Absent for a stream that nobody knows: a name out of a request must not be kept. */
    of(stream: string): Kept | undefined {
      if (!kept.has(stream)) {
        if (!isKnown(stream)) return undefined
        forgetGone()
        kept.set(stream, create())
      }
      return kept.get(stream)
    },

    entries(): [string, Kept][] {
      forgetGone()
      return [...kept]
    },
  }
}
