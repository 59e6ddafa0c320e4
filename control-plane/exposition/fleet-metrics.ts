import type { Metric } from '@sixcast/shared/runtime/prometheus-text.ts'
import type { Experience } from '../beacons/experience.ts'
import { NODE_KINDS, type NodeBrief } from '../nodes/node-brief.ts'
import type { StreamView } from '../streams/stream-view.ts'

export type Exposed = {
  nodes: NodeBrief[]
  streams: StreamView[]
  /** What viewers met with in the last hour. */
  experience: Experience
  process: { memoryBytes: number; cpuSeconds: number; startedAtSeconds: number }
}

const STATES: StreamView['state'][] = ['live', 'waiting', 'lost', 'ended', 'never']

/** What a control plane tells Prometheus. What a node measures of itself it tells there by itself. */
export const fleetMetrics = ({ nodes, streams, experience, process }: Exposed): Metric[] => [
  {
    name: 'sixcast_nodes',
    help: 'Nodes of the fleet, by how they do.',
    type: 'gauge',
    samples: NODE_KINDS.map((kind) => ({
      labels: { kind },
      value: nodes.filter((node) => node.kind === kind).length,
    })),
  },
  ofNodes('sixcast_node_reachable', 'Whether viewers are sent to a node: 1 or 0.', nodes, ({ kind }) =>
    kind === 'well' || kind === 'doubtful' ? 1 : 0,
  ),
  ofNodes('sixcast_node_alive', 'Whether a node beats: 1 or 0.', nodes, ({ isAlive }) => (isAlive ? 1 : 0)),
  ofNodes('sixcast_node_viewers', 'Viewers that a node serves.', nodes, ({ load }) => load?.viewers),
  ofNodes(
    'sixcast_node_sent_bits_per_second',
    'What a node sends to viewers.',
    nodes,
    ({ load }) => load?.bitsPerSecond,
  ),
  ofNodes(
    'sixcast_node_line_bits_per_second',
    'What a node may send over its line, as far as that is known.',
    nodes,
    ({ budget }) => budget?.bitsPerSecond,
  ),
  {
    name: 'sixcast_streams',
    help: 'Streams of the catalog, by state.',
    type: 'gauge',
    samples: STATES.map((state) => ({
      labels: { state },
      value: streams.filter((each) => each.state === state).length,
    })),
  },
  ...ofViewers(experience),
  gauge('process_resident_memory_bytes', 'Memory of this control plane.', process.memoryBytes),
  {
    ...gauge('process_cpu_seconds_total', 'Processor time of this control plane.', process.cpuSeconds),
    type: 'counter',
  },
  gauge(
    'process_start_time_seconds',
    'When this control plane started, since 1970.',
    process.startedAtSeconds,
  ),
]

/** Revoked ones are none any more. */
function ofNodes(
  name: string,
  help: string,
  nodes: NodeBrief[],
  of: (node: NodeBrief) => number | undefined,
): Metric {
  const samples = nodes
    .filter(({ kind }) => kind !== 'retired')
    .flatMap((node) => {
      const value = of(node)
      return value === undefined ? [] : [{ labels: { node: node.id, name: node.name }, value }]
    })
  return { name, help, type: 'gauge', samples }
}

const ofViewers = ({
  joins,
  medianJoinMs,
  p95JoinMs,
  stalls,
  viewerHours,
  failures,
}: Experience): Metric[] => [
  gauge('sixcast_joins_last_hour', 'Times that viewers began to watch in the last hour.', joins),
  {
    name: 'sixcast_join_seconds',
    help: 'From a click to the first picture, in the last hour.',
    type: 'gauge',
    samples: [...quantile('0.5', medianJoinMs), ...quantile('0.95', p95JoinMs)],
  },
  gauge('sixcast_stalls_last_hour', 'Times that playback stood still in the last hour.', stalls),
  gauge(
    'sixcast_viewer_hours_last_hour',
    'Hours watched in the last hour, by all viewers together.',
    viewerHours,
  ),
  {
    name: 'sixcast_failures_last_hour',
    help: 'Requests of players that failed in the last hour, by pathway and how.',
    type: 'gauge',
    samples: failures.flatMap(({ pathway, refused, timeout, error }) =>
      Object.entries({ refused, timeout, error }).map(([how, value]) => ({
        labels: { pathway, how },
        value,
      })),
    ),
  },
]

const quantile = (share: string, ms: number | undefined) =>
  ms === undefined ? [] : [{ labels: { quantile: share }, value: ms / 1000 }]

const gauge = (name: string, help: string, value: number) => ({
  ...{ name, help, type: 'gauge' as const },
  samples: [{ value }],
})
