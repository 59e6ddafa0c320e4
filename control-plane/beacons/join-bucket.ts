const SHORTEST_MS = 50
/** Four for each doubling: a time is told to a fifth of itself at worst. */
const PER_DOUBLING = 4

/** Times of so many viewers are kept as how many fell into which bucket. */
export const bucketOf = (ms: number) =>
  Math.max(0, Math.round(PER_DOUBLING * Math.log2(Math.max(ms, 1) / SHORTEST_MS)))

export const msOfBucket = (bucket: number) => Math.round(SHORTEST_MS * 2 ** (bucket / PER_DOUBLING))
