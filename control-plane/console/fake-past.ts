import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { LiveStream } from '../steering/live-streams.ts'
import type { Candidate } from '../steering/rank-pathways.ts'
import type { SeenStream } from '../streams/stream-sight-repository.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'

type Past = Pick<
  ConsoleDependencies,
  'history' | 'happeningRows' | 'partitions' | 'pullDesk' | 'streamSights' | 'choice'
>

/** For tests: one thing has happened, with words that no page may believe, and nothing was measured. */
export function fakePast({ done, now, nodeId }: { done: unknown[]; now: Date; nodeId: string }): Past {
  const at = new Date(now.getTime() - 60_000)
  const happened = [{ number: 1, at, nodeId, kind: 'lost' as const, words: 'It fell silent <script>.' }]
  const trouble = { nodeId, name: 'depot', since: at, cause: 'It answered <script>.' }
  return {
    history: { rolledUpTo: async () => undefined, read: async () => [] },
    happeningRows: { listBefore: async () => happened, listBetween: async () => happened },
    choice: {
      async explain(name) {
        if (name !== 'harbour') throw new Problem('not-live')
        return { stream: {} as LiveStream, candidates }
      },
    },
    streamSights: { of: async () => [seenStream(nodeId, at)] },
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

const seenStream = (id: string, at: Date): SeenStream => ({
  ...{ node: { id, name: 'depot' }, role: 'origin', state: 'live', since: at },
  renditions: [
    {
      ...{ id: 'v720', codecs: 'avc1.64001f', bandwidth: 3_100_000, averageBandwidth: 2_500_000 },
      ...{ width: 1280, height: 720, frameRate: 30 },
    },
  ],
  audio: { id: 'audio', codecs: 'mp4a.40.2', channels: 2 },
  sight: {
    source: { width: 1920, height: 1080, framesPerSecond: 29.97, audio: true },
    ...{ speed: 0.91, latencyMs: 420, responseMs: 3.21 },
    problems: [{ at: at.toISOString(), what: 'The encoder is <script> behind.' }],
  },
})

const candidates: Candidate[] = [
  {
    pathway: 'ndepot234-g123456',
    host: '[2001:db8::7]:8084',
    chosen: true,
    why: 'Nothing <script> stands before it.',
  },
  { pathway: 'relay', host: 'fleet.example:8080', chosen: true, why: 'It comes last.' },
]
