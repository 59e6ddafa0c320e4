import type { ConsoleDependencies } from './console-dependencies.ts'

type Past = Pick<ConsoleDependencies, 'history' | 'happeningRows' | 'partitions' | 'pullDesk'>

/** For tests: one thing has happened, with words that no page may believe, and nothing was measured. */
export function fakePast({ done, now, nodeId }: { done: unknown[]; now: Date; nodeId: string }): Past {
  const at = new Date(now.getTime() - 60_000)
  const happened = [{ number: 1, at, nodeId, kind: 'lost' as const, words: 'It fell silent <script>.' }]
  const trouble = { nodeId, name: 'depot', since: at, cause: 'It answered <script>.' }
  return {
    history: { rolledUpTo: async () => undefined, read: async () => [] },
    happeningRows: { listBefore: async () => happened, listBetween: async () => happened },
    partitions: { sizes: async () => [] },
    pullDesk: {
      read: async () => ({
        fleet: { pulled: false, seconds: 60 },
        own: new Map([[nodeId, { pulled: true, seconds: 30, address: '10.8.0.7' }]]),
        troubles: [trouble],
      }),
      async setFleetRule(rule) {
        done.push(['measure all', rule])
      },
      async setRule(id, rule) {
        done.push(['measure', id, rule])
      },
    },
  }
}
