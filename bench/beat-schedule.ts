/** As agents draw it (appliance/agent/heartbeat/beat-pace.ts): a fifth more or less. */
const SPREAD = 0.2

/** When the first beat of each of `count` newcomers is due: evenly over the time of one beat, from now. */
export const firstBeatAfterMs = (at: number, count: number, everyMs: number): number => (everyMs * at) / count

/**
 * When the beat after the one that was due at `dueAt` is due. It counts from when that one was due and not from its answer: a server
 * that is slow is not spared the next.
 */
export const nextBeatDueAt = (dueAt: number, everyMs: number, random: () => number = Math.random): number =>
  dueAt + everyMs * (1 - SPREAD + 2 * SPREAD * random())
