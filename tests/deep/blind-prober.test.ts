import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ListedNode } from '../../provisioning/launcher/operator-commands.ts'
import { startTestLab, type TestLab } from '../setup/start-test-lab.ts'
import { eventually } from '../system/eventually.ts'

// Of two nodes half fails with one: whether both do or the prober, only places outside the fleet can tell (PROBE_CONTROLS).
const UP = ['healthy', 'suspect', 'flapping']
const UNABLE = 'unable to probe over IPv6'

let lab: TestLab
beforeAll(async () => {
  lab = await startTestLab({ nodes: 2 })
  await lab.does('publish 1')
  for (const n of [1, 2]) await lab.does(`await ${n} reachable`)
})
afterAll(async () => await lab?.stop())

const standingOf = async (n: number) => {
  const { standings = [] } = (await lab.does(`await ${n} alive`)).data as ListedNode & {
    standings?: { state: string }[]
  }
  return standings[0]?.state
}
const consolePage = async () => (await lab.does('console')).said

test('a prober that is cut off takes neither of two nodes from viewers, and says so for as long as it lasts', async () => {
  for (const n of [1, 2]) await eventually(async () => expect(await standingOf(n)).toBe('healthy'), 60_000)
  await lab.does('blind')
  // It is said when a node would have fallen.
  await eventually(async () => expect(await consolePage()).toContain(UNABLE), 90_000)
  for (const n of [1, 2]) expect(UP).toContain(await standingOf(n))
  expect((await lab.does('play 6 1')).data).toMatchObject({ way: 'node' })
  await lab.does('heal')
  for (const n of [1, 2]) await eventually(async () => expect(await standingOf(n)).toBe('healthy'), 60_000)
  await eventually(async () => expect(await consolePage()).not.toContain(UNABLE), 120_000)
})

test('a node that fails while others outside are reached falls, though it is half of the fleet', async () => {
  await lab.does('blackhole 2 inbound')
  await eventually(async () => expect(await standingOf(2)).toBe('unreachable'), 90_000)
  expect(await standingOf(1)).toBe('healthy')
})
