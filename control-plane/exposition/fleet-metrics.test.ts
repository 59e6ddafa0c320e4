import { prometheusText } from '@sixcast/shared/runtime/prometheus-text.ts'
import { expect, test } from 'vitest'
import { experienceOf } from '../beacons/experience.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { fleetMetrics } from './fleet-metrics.ts'

const node: NodeBrief = {
  ...{ id: 'a'.repeat(20), name: 'the "depot"', kind: 'well', urgency: 1 },
  ...{ addresses: [], isAlive: true, streams: [], load: { viewers: 3, bitsPerSecond: 9e6 } },
}
const stream: StreamView = { name: 'golive', title: '', description: '', open: true, state: 'live' }
const join = { stream: 'golive', pathway: 'relay', kind: 'join' as const, bucket: 8, count: 4, total: 1 }
const text = prometheusText(
  fleetMetrics({
    nodes: [
      node,
      { ...node, id: 'b'.repeat(20), kind: 'down', isAlive: false },
      { ...node, kind: 'retired' },
    ],
    streams: [stream],
    experience: experienceOf([join, { ...join, kind: 'refused', count: 2 }]),
    process: { memoryBytes: 1, cpuSeconds: 2, startedAtSeconds: 3 },
  }),
)

test.each([
  'sixcast_nodes{kind="well"} 1',
  'sixcast_nodes{kind="retired"} 1',
  `sixcast_node_reachable{node="${'a'.repeat(20)}",name="the \\"depot\\""} 1`,
  `sixcast_node_reachable{node="${'b'.repeat(20)}",name="the \\"depot\\""} 0`,
  `sixcast_node_sent_bits_per_second{node="${'a'.repeat(20)}",name="the \\"depot\\""} 9000000`,
  'sixcast_streams{state="live"} 1',
  'sixcast_joins_last_hour 4',
  'sixcast_failures_last_hour{pathway="relay",how="refused"} 2',
  'process_cpu_seconds_total 2',
])('Prometheus reads %s', (line) => {
  expect(text.split('\n')).toContain(line)
})

test('of a line that nobody knows nothing is told, and of those that are revoked nothing but their number', () => {
  expect(text).not.toContain('sixcast_node_line')
  expect(text.match(/^sixcast_node_alive/gm)).toHaveLength(2)
})
