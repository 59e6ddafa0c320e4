import { afterEach, expect, test } from 'vitest'
import type { ListedNode } from '../../provisioning/launcher/operator-commands.ts'
import { type AddressCase, addressCaseWords } from '../../shared/contract/address-case.ts'
import type { Verdict } from '../../shared/contract/verdict.ts'
import { startTestLab, type TestLab } from '../setup/start-test-lab.ts'
import { eventually } from '../system/eventually.ts'

// What becomes of a node at each kind of line: what the control plane makes of its addresses, the verdict, and how viewers get there.
let running: TestLab | undefined

afterEach(async () => await running?.stop())

async function start(sites: string): Promise<TestLab> {
  running = await startTestLab({ sites })
  return running
}

test('nodes without global IPv6: reached over public IPv4 or forwarded ports, and told why where they are not', async () => {
  const lab = await start('nat,forward,ula,v4')
  const outcomes = [
    [2, '45.66.202.1'],
    [4, '45.66.104.80'],
  ] as const
  for (const [n, claimed] of outcomes) {
    await lab.does(`publish ${n}`)
    expect((await lab.does(`await ${n} reachable`)).data).toMatchObject({ claimed })
    expect(await stepsOf(lab, n)).toMatchObject({
      address: { is: 'passed' },
      probe: { is: 'passed', family: 4 },
    })
    expect((await lab.does(`play 4 ${n} 60`)).data).toMatchObject({ way: 'node' })
    expect((await lab.does(`play 6 ${n} 60`)).data).toMatchObject({ way: 'relay' })
  }
  for (const [n, is] of [
    [1, 'nat-v4'],
    [3, 'ula-only'],
  ] as const)
    await isTold(lab, n, is)
})

/** Alive, claimed nowhere, and everybody reads why: nobody is sent to it. */
async function isTold(lab: TestLab, n: number, is: AddressCase) {
  const { what, remedy } = addressCaseWords[is]
  expect((await lab.does(`await ${n} alive`)).data).toMatchObject({ addressCase: is, reachable: [] })
  const { address } = await stepsOf(lab, n)
  expect(address).toMatchObject({ is: 'failed', cause: expect.stringContaining(what), remedy })
  // One that has only just come is given a while to find itself an address.
  await eventually(async () => expect((await lab.does('console')).said).toContain(what), 90_000)
  await lab.does(`publish ${n}`)
  await expect(lab.does(`play 6 ${n} 8`)).rejects.toThrow('plays nothing')
  await expect(lab.does(`play 4 ${n} 1`)).rejects.toThrow('plays nothing')
}

test('nodes with both families: each viewer comes by his own, and the relay by the other when one is lost', async () => {
  const lab = await start('both,home')
  for (const [n, claimed, otherAddress] of [
    [1, '2a10:0:1::80', '45.66.101.80'],
    [2, '45.66.202.1', '2a10:0:2::80'],
  ] as const) {
    const [six, four] = n === 1 ? [claimed, otherAddress] : [otherAddress, claimed]
    await lab.does(`publish ${n}`)
    const told = await eventually(async () => {
      const node = (await lab.does(`await ${n} reachable`)).data as ListedNode
      expect(node.reachable).toMatchObject([
        { family: 6, is: true },
        { family: 4, is: true },
      ])
      return node
    }, 60_000)
    expect(told.found).toMatchObject({ claimed, otherAddress })
    await eventually(
      async () => expect((await lab.does(`verdict ${n}`)).data).toMatchObject({ is: 'passed' }),
      60_000,
    )
    for (const [family, host] of [
      [6, `[${six}]`],
      [4, four],
    ] as const)
      expect((await lab.does(`play ${family} ${n} 60`)).data).toMatchObject({
        way: 'node',
        segment: expect.stringContaining(host),
      })
  }

  // The cloud and the node lose each other over IPv6: the relay fetches over IPv4.
  await lab.does('in node-1 ip -6 route add blackhole 2a10:0:c::/64')
  await eventually(async () => {
    const { reachable } = (await lab.does('await 1 alive')).data as ListedNode
    expect(reachable).toMatchObject([
      { family: 6, is: false },
      { family: 4, is: true },
    ])
  }, 90_000)
  const play6 = async () => expect((await lab.does('play 6 1')).data).toMatchObject({ way: 'relay' })
  await eventually(play6, 60_000) // once the node has fallen there
  expect((await lab.does('play 4 1')).data).toMatchObject({ way: 'node' })
})

test('two nodes at one site are two nodes, and one with addresses of two providers goes on by the other', async () => {
  const lab = await start('own,beside,several')
  const addresses = ['2a10:0:1::80', '2a10:0:1:2::80', '2a10:0:3::80']
  for (const [at, claimed] of addresses.entries()) {
    const n = at + 1
    await lab.does(`publish ${n}`)
    expect((await lab.does(`await ${n} reachable`)).data).toMatchObject({ claimed })
    expect(await stepsOf(lab, n)).toMatchObject({
      address: { is: 'passed' },
      probe: { is: 'passed', family: 6 },
    })
    const segment = expect.stringContaining(`[${claimed}]`)
    expect((await lab.does(`play 6 ${n} 60`)).data).toMatchObject({ way: 'node', segment })
  }
  const temporary = await lab.does('in node-3 ip -6 address show dev eth0 scope global temporary')
  expect(temporary.said, 'none of these was claimed').toMatch(
    /2a10:0:3:[\s\S]*2a10:b:3:|2a10:b:3:[\s\S]*2a10:0:3:/,
  )

  await lab.does('renumber 3 flash')
  const { found } = await eventually(async () => {
    const { claimed } = (await lab.does('await 3 reachable')).data as ListedNode
    expect(claimed).not.toBe('2a10:0:3::80')
    return claimed
  }, 90_000)
  expect(found, 'of the other provider, or the new one').toMatch(/^2a10:(?:b|1):3::80$/)
  expect((await lab.does('play 6 3 60')).data).toMatchObject({
    way: 'node',
    segment: expect.stringContaining(`[${found}]`),
  })
})

async function stepsOf(lab: TestLab, n: number) {
  const { found } = await eventually(async () => {
    const { steps } = (await lab.does(`verdict ${n}`)).data as Verdict
    if (steps.some(({ step, is }) => step !== 'segment' && is === 'waiting')) throw new Error('not known yet')
    return Object.fromEntries(steps.map((step) => [step.step, step]))
  }, 60_000)
  return found
}
