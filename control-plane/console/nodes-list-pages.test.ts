import { beforeEach, expect, test } from 'vitest'
import { ago, node, startTestConsole, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...node, id: `n${at}`.padEnd(20, 'x'), name: `node ${at}` }))

test('of many nodes a page shows fifty, and leads to the others by the same question', async () => {
  fleet.nodes = many(120)
  const text = await fleet.page('/console/nodes?q=node&sort=name&page=2')
  expect(text).toContain('<h1>120 nodes with “node”</h1>')
  expect(text).toContain('51 to 100 of 120')
  expect(text).toContain('href="/console/nodes?q=node&amp;sort=name&amp;page=3"')
  expect(text).toContain('href="/console/nodes?q=node&amp;sort=name"')
  expect(text).toContain('data-events="/console/events/nodes?q=node&amp;sort=name&amp;page=2"')
  expect(text.match(/class="row"/g)).toHaveLength(50)
})

test('the head of a column sorts by it, and says so to ears as well', async () => {
  const text = await fleet.page('/console/nodes?sort=viewers')
  expect(text).toMatch(/aria-sort="descending"><a href="[^"]*sort=viewers">Viewers/)
  expect(text.match(/aria-sort/g)).toHaveLength(1)
})

test('what nobody is found by is said, and what was sought stands in the field', async () => {
  const text = await fleet.page('/console/nodes?q=%3Cb%3E')
  expect(text).toContain('<h1>No node with “&lt;b&gt;”</h1>')
  expect(text).toContain('value="&lt;b&gt;"')
})

test.each(['show=all', 'sort=age', 'page=0', `q=${'x'.repeat(101)}`])('%s is no question', async (query) => {
  expect((await fleet.get(`/console/nodes?${query}`)).status).toBe(400)
  expect((await fleet.get(`/console/events/nodes?${query}`)).status).toBe(400)
})

test('in a small fleet each node has its cell; in a large one those that are not well', async () => {
  const silent = { alive: { is: false, since: ago(300) } }
  fleet.nodes = [...many(3), { ...node, ...silent, id: 'silent', name: 'shed' }]
  expect((await fleet.page('/console')).match(/<title>[^<]*: (?:well|down)</g)).toHaveLength(4)
  fleet.nodes = [...many(500), { ...node, ...silent, id: 'silent', name: 'shed' }]
  const text = await fleet.page('/console')
  expect(text.match(/<title>[^<]*: (?:well|down)</g)).toEqual(['<title>shed: down<'])
  expect(text).toContain('href="/console/nodes?show=well"><span class="state well">500 well')
})

test('when thousands are down the picture has no link for each', async () => {
  fleet.nodes = many(2000).map((each) => ({ ...each, alive: { is: false, since: ago(300) } }))
  const text = await fleet.page('/console')
  expect(text).toContain('<path class="cell down" d="M0 0h10v10h-10zM12 0')
  expect(text.length).toBeLessThan(100_000)
})

test('of many troubles the worst are told, and that there are more', async () => {
  fleet.nodes = many(30).map((each) => ({ ...each, alive: { is: false, since: ago(300) } }))
  const text = await fleet.page('/console')
  expect(text).toContain('<h1>30 nodes need you.')
  expect(text.match(/has been silent/g)).toHaveLength(8)
  expect(text).toContain('<a href="/console/nodes?show=doubted">More nodes need you</a>')
})
