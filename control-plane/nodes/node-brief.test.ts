import { expect, test } from 'vitest'
import { type NodeKind, nodeKind } from './node-brief.ts'

const now = new Date('2026-11-30T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const well: Parameters<typeof nodeKind>[0] = {
  enrolledAt: ago(86_400),
  aliveSince: ago(3600),
  isAlive: true,
  isQuarantined: false,
  claims: true,
  standings: ['healthy'],
  lacksSegment: false,
}

test.each<[string, Partial<typeof well>, NodeKind]>([
  ['a node that is found', {}, 'well'],
  ['one that is found in both families', { standings: ['healthy', 'healthy'] }, 'well'],
  ['one that just got its second address', { standings: ['healthy', 'pending'] }, 'well'],
  ['one that is lost in one of them', { standings: ['healthy', 'unreachable'] }, 'doubtful'],
  ['one that is lost in both', { standings: ['unreachable', 'offline'] }, 'down'],
  ['one that a probe missed', { standings: ['suspect'] }, 'doubtful'],
  ['one that comes and goes', { standings: ['flapping'] }, 'doubtful'],
  ['one whose segments do not come', { lacksSegment: true }, 'doubtful'],
  ['a silent one, though probes find it', { isAlive: false }, 'down'],
  ['one with a copied key', { isQuarantined: true }, 'down'],
  ['one that enrolled a moment ago', { aliveSince: null, isAlive: false, enrolledAt: ago(5) }, 'arriving'],
  ['one that enrolled and was never heard', { aliveSince: null, isAlive: false }, 'down'],
  ['one that is being looked for', { standings: [] }, 'arriving'],
  ['one that names no address', { standings: [], claims: false }, 'down'],
  ['one that names none yet', { standings: [], claims: false, aliveSince: ago(5) }, 'arriving'],
  ['one that is being emptied', { duty: 'draining' }, 'out'],
  ['one that fell while it was being emptied', { duty: 'draining', standings: ['unreachable'] }, 'down'],
  ['one that is worked on, whatever it does', { duty: 'maintenance', isAlive: false }, 'out'],
  ['one with a copied key that is worked on', { duty: 'maintenance', isQuarantined: true }, 'down'],
  ['a revoked one', { revokedAt: ago(5), isAlive: false }, 'retired'],
])('%s', (_, changes, kind) => {
  expect(nodeKind({ ...well, ...changes }, now)).toBe(kind)
})
