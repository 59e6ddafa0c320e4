import { expect, test } from 'vitest'
import { foundAt } from './found-at.ts'

const [SIX, FOUR] = ['2001:db8::80', '198.51.100.80']

test.each([
  ['nowhere', { proven: null, stood: null, other: null, other_stood: null }, null],
  [
    'at the one address that it has',
    { proven: SIX, stood: 'unreachable', other: null, other_stood: null },
    SIX,
  ],
  ['at the claimed one first', { proven: SIX, stood: 'healthy', other: FOUR, other_stood: 'healthy' }, SIX],
  [
    'there too while it is in doubt',
    { proven: SIX, stood: 'suspect', other: FOUR, other_stood: 'healthy' },
    SIX,
  ],
  [
    'at the other when that is lost',
    { proven: SIX, stood: 'unreachable', other: FOUR, other_stood: 'healthy' },
    FOUR,
  ],
  [
    'at the other before it is found at the claimed one',
    { proven: null, stood: null, other: FOUR, other_stood: 'pending' },
    FOUR,
  ],
  [
    'at the claimed one when both are lost',
    { proven: SIX, stood: 'offline', other: FOUR, other_stood: 'offline' },
    SIX,
  ],
] as const)('a node is found %s', (_, found, address) => {
  expect(foundAt(found)).toBe(address)
})
