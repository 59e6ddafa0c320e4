import { expect, test } from 'vitest'
import { type GatheredIncident, gatherIncident } from './gather-incident.ts'

const MIN = 60_000
const incident = (more: Partial<GatheredIncident> = {}): GatheredIncident => ({
  ...{ id: 'storm', begunAt: 0, joinedAt: 0, severity: 'bad' },
  rules: new Set(['node-unreachable']),
  nodeIds: new Set(['a']),
  ...more,
})
const raised = (at: number, more: object = {}) => ({
  ...{ rule: 'node-unreachable' as const, severity: 'bad' as const, nodeId: 'b', at },
  ...more,
})
const heat = { rule: 'heat' as const, severity: 'warn' as const }
const warm = incident({ severity: 'warn', rules: new Set(['heat']) })

test.each<[string, GatheredIncident, ReturnType<typeof raised>, boolean]>([
  ['another node that fails at once joins', incident(), raised(1000), true],
  ['one that fails minutes later joins too', incident(), raised(9 * MIN), true],
  ['one that fails much later has an incident of its own', incident(), raised(10 * MIN), false],
  ['after it was told that it grew nobody joins', incident({ grownAt: 5 * MIN }), raised(6 * MIN), false],
  ['something else that begins at once joins', incident(), raised(29_000, heat), true],
  ['something else that begins later does not', incident(), raised(30_000, heat), false],
  ['something else soon after the last joins', incident({ joinedAt: 60_000 }), raised(80_000, heat), true],
  [
    'something else of the same node joins hours later',
    incident(),
    raised(300 * MIN, { ...heat, nodeId: 'a' }),
    true,
  ],
  ['a warm node that falls silent at once is told with it', warm, raised(MIN, { nodeId: 'a' }), true],
  ['a warm node that falls silent hours later is told anew', warm, raised(300 * MIN, { nodeId: 'a' }), false],
  ['what is of no node joins by time alone', incident(), raised(300 * MIN, { nodeId: undefined }), false],
])('%s', (_, open, alert, joins) => {
  expect(gatherIncident([open], alert)?.id).toBe(joins ? 'storm' : undefined)
})

test('of two that would take it the one of its node does, then the latest', () => {
  const [older, newer] = [
    incident({ id: 'older' }),
    incident({ id: 'newer', begunAt: MIN, nodeIds: new Set() }),
  ]
  expect(gatherIncident([older, newer], raised(2 * MIN, { nodeId: 'a' }))?.id).toBe('older')
  expect(gatherIncident([older, newer], raised(2 * MIN))?.id).toBe('newer')
})
