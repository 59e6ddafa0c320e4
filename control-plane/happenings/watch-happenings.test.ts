import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { happeningRepository } from './happening-repository.ts'
import { watchHappenings } from './watch-happenings.ts'

const happeningRows = happeningRepository(await freshDatabase())
const NEWEST = { number: Number.MAX_SAFE_INTEGER, most: 100 }
const words = async (nodeId?: string) =>
  (await happeningRows.listBefore({ ...NEWEST, nodeId })).map((each) => each.words)

const [ONE, OTHER] = ['a'.repeat(20), 'b'.repeat(20)]
const brief = (id: string, more: Partial<NodeBrief> = {}): NodeBrief => ({
  ...{
    id,
    name: id,
    kind: 'well',
    urgency: 1,
    addresses: [],
    isAlive: true,
    streams: [],
    heardAt: new Date(),
  },
  ...more,
})

function watching(fleet: { nodes: NodeBrief[] }, turn = { isOurs: true }) {
  let looks = 0
  const watch = watchHappenings({
    nodeBriefs: { list: async () => fleet.nodes },
    happeningRows,
    isOurTurn() {
      looks += 1
      return turn.isOurs
    },
    report: (error) => expect(error).toBeUndefined(),
    everyMs: 5,
  })
  onTestFinished(() => watch.stop())
  return { stop: watch.stop, looks: () => looks }
}

test('what happened to a node is written once, also what happened while nothing ran', async () => {
  const { heardAt: _, ...unheard } = brief(OTHER, { kind: 'arriving', isAlive: false })
  const fleet: { nodes: NodeBrief[] } = { nodes: [brief(ONE), unheard] }
  const first = watching(fleet)
  await expect.poll(() => words()).toEqual(['It was enrolled.'])
  fleet.nodes = [brief(ONE, { streams: ['golive'] }), brief(OTHER)]
  await expect.poll(() => words(ONE)).toEqual(['golive went live on it.'])
  expect(await words(OTHER)).toEqual(['Viewers reached it for the first time.', 'It was enrolled.'])
  await first.stop()
  fleet.nodes = [brief(ONE, { isAlive: false, kind: 'down' }), brief(OTHER)]
  const second = watching(fleet)
  await expect
    .poll(() => words(ONE))
    .toEqual(['golive was no longer live on it.', 'It fell silent.', 'golive went live on it.'])
  const looks = second.looks()
  await expect.poll(second.looks).toBeGreaterThan(looks + 3)
  expect(await words(ONE)).toHaveLength(3)
  await second.stop()
})

test('whoever has not the turn writes nothing, and reads anew when it is his', async () => {
  const before = (await words()).length
  const [fleet, turn] = [{ nodes: [brief(ONE, { streams: ['harbour'] })] }, { isOurs: false }]
  const other = watching(fleet, turn)
  await expect.poll(other.looks).toBeGreaterThan(3)
  expect(await words()).toHaveLength(before)
  turn.isOurs = true
  await expect.poll(() => words(ONE)).toContain('harbour went live on it.')
})

test('the time between is read for charts, and what is old is removed', async () => {
  const [from, until] = [new Date(Date.now() - 60_000), new Date(Date.now() + 1000)]
  const between = await happeningRows.listBetween(ONE, from, until, 2)
  expect(between).toHaveLength(2)
  expect(between[0]?.number).toBeLessThan(between[1]?.number ?? 0)
  expect(await happeningRows.removeBefore(from)).toBe(0)
  expect(await happeningRows.removeBefore(until)).toBeGreaterThan(4)
  expect(await words()).toEqual([])
})
