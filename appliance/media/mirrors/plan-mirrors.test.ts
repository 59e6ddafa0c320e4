import { expect, test } from 'vitest'
import { planMirrors } from './plan-mirrors.ts'

const [a, b] = [
  { stream: 'cam', session: 'saaaaaaaaaaaa', from: '192.0.2.1:8084' },
  { stream: 'hall', session: 'sbbbbbbbbbbbb', from: '192.0.2.1:8084' },
] as const
const moved = { ...a, from: '192.0.2.9:8084' }
const next = { ...a, session: 'scccccccccccc' }
const present = (order: typeof a | typeof b, isLeaving = false) => ({ ...order, isLeaving })
const nobody = { isOwn: () => false, isForbidden: () => false }
const nothing = { start: [], keep: [], leave: [], refused: [] }

test.each([
  ['nothing', { orders: [], present: [] }, nothing],
  [
    'what is ordered begins',
    { orders: [a, b], present: [present(a)] },
    { ...nothing, start: [b], keep: [a] },
  ],
  [
    'what is ordered no more goes',
    { orders: [b], present: [present(a), present(b)] },
    { ...nothing, keep: [b], leave: [present(a)] },
  ],
  ['what goes already goes on going', { orders: [], present: [present(a, true)] }, nothing],
  [
    'what was going is ordered again',
    { orders: [a], present: [present(a, true)] },
    { ...nothing, keep: [a] },
  ],
  [
    'another address is no other copy',
    { orders: [moved], present: [present(a)] },
    { ...nothing, keep: [moved] },
  ],
  [
    'another session takes the place of the one before',
    { orders: [next], present: [present(a)] },
    { ...nothing, start: [next], leave: [present(a)] },
  ],
  [
    'one session of a stream',
    { orders: [a, next], present: [] },
    { ...nothing, start: [a], refused: [{ order: next, why: 'twice' }] },
  ],
])('%s', (_, known, expected) => {
  expect(planMirrors({ ...known, ...nobody })).toEqual(expected)
})

test('a source of this node comes first: its copy goes, or is not begun', () => {
  const isOwn = (stream: string) => stream === 'cam'
  const plan = planMirrors({ ...nobody, isOwn, orders: [a, b], present: [present(a)] })
  expect(plan).toEqual({ ...nothing, start: [b], leave: [present(a)], refused: [{ order: a, why: 'own' }] })
})

test('nothing is fetched from an address at which no node can be', () => {
  const plan = planMirrors({ ...nobody, isForbidden: (from) => from === a.from, orders: [a], present: [] })
  expect(plan).toEqual({ ...nothing, refused: [{ order: a, why: 'address' }] })
})
