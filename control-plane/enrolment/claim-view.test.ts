import { expect, test } from 'vitest'
import { claimView } from './claim-view.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour))
const row = {
  ...{ id: 'abcdef012345', created_at: at(1), expires_at: at(9), revoked_at: null, used_at: null },
  ...{ made_by: null, node_id: null, node_name: null },
}

test.each<[string, object, string, Date]>([
  ['waits', {}, 'open', at(1)],
  ['is over', { expires_at: at(5) }, 'expired', at(5)],
  ['was used, and would be over by now', { used_at: at(3), expires_at: at(5) }, 'used', at(3)],
  ['was revoked, and would be over by now', { revoked_at: at(4), expires_at: at(5) }, 'revoked', at(4)],
])('a claim that %s', (_, changes, state, since) => {
  expect(claimView({ ...row, ...changes }, at(6))).toEqual({
    ...{ id: row.id, state, since, createdAt: at(1) },
    expiresAt: { ...row, ...changes }.expires_at,
  })
})

test('who made it and which node came in by it is said where it is known', () => {
  const used = { used_at: at(3), made_by: 'ann', node_id: 'n', node_name: 'depot' }
  expect(claimView({ ...row, ...used }, at(6))).toMatchObject({
    madeBy: 'ann',
    nodeId: 'n',
    nodeName: 'depot',
  })
})
