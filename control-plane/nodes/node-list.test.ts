import { expect, test } from 'vitest'
import type { NodeBrief } from './node-brief.ts'
import { NODES_ON_A_PAGE, NodeQuery, selectNodes } from './node-list.ts'

const brief = (name: string, changes: Partial<NodeBrief> = {}): NodeBrief => ({
  id: `id-of-${name}`,
  name,
  kind: 'well',
  urgency: 0,
  addresses: [],
  isAlive: true,
  streams: [],
  ...changes,
})

const fleet = [
  brief('attic', {
    addresses: ['2001:4dd0::A7'],
    load: { viewers: 3, bitsPerSecond: 9e6 },
    release: '1.9.0',
  }),
  brief('barn', { kind: 'down', release: '1.10.0' }),
  brief('cellar', { kind: 'out', streams: ['harbour'] }),
  brief('depot', { kind: 'arriving', load: { viewers: 9, bitsPerSecond: 1e6 } }),
  brief('exile', { kind: 'retired', release: '1.9.0' }),
  brief('farm', {
    kind: 'doubtful',
    load: { viewers: 1, bitsPerSecond: 8e6 },
    budget: { bitsPerSecond: 10e6 },
    heardAt: new Date(5),
  }),
]

test.each<[string, object, string]>([
  ['all that are there, the worst first', {}, 'barn farm depot cellar attic'],
  ['by name', { sort: 'name' }, 'attic barn cellar depot farm'],
  ['by viewers', { sort: 'viewers' }, 'depot attic farm barn cellar'],
  ['by what they send', { sort: 'sent' }, 'attic farm depot barn cellar'],
  ['by how full their lines are', { sort: 'full' }, 'farm attic barn cellar depot'],
  ['by when they were heard', { sort: 'heard' }, 'farm attic barn cellar depot'],
  ['by release, as numbers', { sort: 'release' }, 'cellar depot farm attic barn'],
  ['who may need somebody', { show: 'doubted' }, 'barn farm depot'],
  ['who was taken out', { show: 'retired' }, 'exile'],
  ['by a part of the name', { q: 'A', sort: 'name' }, 'attic barn cellar farm'],
  ['by address, however it is written', { q: '4DD0::a7' }, 'attic'],
  ['by stream', { q: 'harb' }, 'cellar'],
  ['by release, not those taken out', { q: '1.9' }, 'attic'],
  ['by identity', { q: 'id-of-barn' }, 'barn'],
  ['none', { q: '%' }, ''],
])('%s', (_, query, names) => {
  const { ids, total } = selectNodes(fleet, NodeQuery.parse(query))
  expect(ids.map((id) => id.slice(6)).join(' ')).toBe(names)
  expect(total).toBe(ids.length)
})

test('a page has so many, and who asks for one that is not there gets the last', () => {
  const many = Array.from({ length: 2 * NODES_ON_A_PAGE + 1 }, (_, at) => brief(String(at)))
  const page = (page: number) => selectNodes(many, NodeQuery.parse({ page }))
  expect(page(2)).toMatchObject({ page: 2, pages: 3, total: many.length })
  expect(page(2).ids[0]).toBe(`id-of-${NODES_ON_A_PAGE}`)
  expect(page(9)).toMatchObject({ page: 3, ids: [`id-of-${2 * NODES_ON_A_PAGE}`] })
  expect(selectNodes([], NodeQuery.parse({}))).toMatchObject({ page: 1, pages: 1, total: 0 })
})

test('of those that are down the most urgent comes first', () => {
  const down = (name: string, urgency: number) => brief(name, { kind: 'down', urgency })
  const { ids } = selectNodes([down('a', 1), down('b', 2), down('z', 3)], NodeQuery.parse({}))
  expect(ids).toEqual(['id-of-z', 'id-of-b', 'id-of-a'])
})
