import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { FOR_EVER, NodeAddress as Schema } from '@sixcast/shared/contract/heartbeat.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readNodeAddresses, worthTelling } from './node-addresses.ts'
import { watchAddresses } from './watch-addresses.ts'

const WITHIN = { timeout: 10_000, interval: 10 }

test('what the kernel of this machine says fits the contract', async () => {
  const { addresses } = await readNodeAddresses()
  expect(Schema.array().parse(addresses)).toContainEqual({
    address: '127.0.0.1',
    family: 4,
    interface: 'lo',
    prefixLength: 8,
    scope: 'loopback',
    flags: [],
    preferredSeconds: FOR_EVER,
    validSeconds: FOR_EVER,
    origin: 'static',
  })
})

test('of a box with hundreds of addresses those are told that viewers could be sent to', () => {
  const links = Array.from({ length: 300 }, (_, n) => ({
    ...global(`fe80::${n + 1}`),
    interface: `veth${n}`,
    scope: 'link' as const,
  }))
  const told = worthTelling([...links, global('2a01:4f8:1::a')])
  expect([told.length, told[0]?.address]).toEqual([100, '2a01:4f8:1::a'])
})

test('a new prefix is told at once, a look that finds nothing new is not', async () => {
  const [before, after] = ['2a01:4f8:1::a', '2a01:4f8:2::a']
  const reading = { addresses: [global(before)], defaultInterfaces: ['eth0'] }
  const changed = vi.fn()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const looks = vi.fn(async () => reading)
  const watched = await watchAddresses({
    read: looks,
    ordered: undefined,
    changed,
    report: () => {},
    signal: stopping.signal,
    everyMs: 5,
  })
  expect(watched.claimed()).toBe(before)
  await vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(3), WITHIN)
  reading.addresses = [{ ...global(before), preferredSeconds: 3599, validSeconds: 7199, origin: 'slaac' }]
  await vi.waitFor(() => expect(watched.addresses()[0]).toHaveProperty('preferredSeconds'), WITHIN)
  expect(changed).not.toHaveBeenCalled()
  reading.addresses = [global(after), { ...global(before), flags: ['deprecated'] }]
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), WITHIN)
  expect(changed).toHaveBeenCalledWith({ moved: true })
  expect(watched.claimed()).toBe(after)
})

test('an address that the kernel still looks into is no news; once it may be used it is', async () => {
  const [before, after] = [global('2a01:4f8:1::a'), global('2a01:4f8:2::a')]
  const reading = { addresses: [before], defaultInterfaces: ['eth0'] }
  const changed = vi.fn()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const { lookNow, addresses } = await watchAddresses({
    read: async () => reading,
    ordered: undefined,
    changed,
    report: () => {},
    signal: stopping.signal,
    everyMs: 3_600_000,
  })
  reading.addresses = [before, { ...after, flags: ['tentative'] }]
  lookNow()
  await vi.waitFor(() => expect(addresses()).toHaveLength(2), WITHIN)
  expect(changed).not.toHaveBeenCalled()
  reading.addresses = [before, after]
  lookNow()
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), WITHIN)
})

test('with a reason to look nobody waits; another address or way out is a move, and a further address is none', async () => {
  const reading = { addresses: [global('2a01:4f8:1::a')], defaultInterfaces: ['eth0'] }
  const changed = vi.fn()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const { lookNow } = await watchAddresses({
    read: async () => reading,
    ordered: undefined,
    changed,
    report: () => {},
    signal: stopping.signal,
    everyMs: 3_600_000,
  })
  reading.addresses = [...reading.addresses, global('2a01:4f8:1::b')]
  lookNow()
  await vi.waitFor(() => expect(changed).toHaveBeenLastCalledWith({ moved: false }), WITHIN)
  for (const defaultInterfaces of [[], ['eth0']]) {
    changed.mockClear()
    reading.defaultInterfaces = defaultInterfaces
    lookNow()
    await vi.waitFor(() => expect(changed).toHaveBeenCalledWith({ moved: true }), WITHIN)
  }
})

test('an address that led out when the claimed one did not is claimed for ten minutes, and then as long as none is better', async () => {
  const [hand, made] = [
    { ...global('2a01:4f8:1::80'), flags: ['permanent' as const] },
    global('2a01:4f8:2::a'),
  ]
  const clock = { now: 0 }
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const watched = await watchAddresses({
    read: async () => ({ addresses: [hand, made], defaultInterfaces: ['eth0'] }),
    ordered: undefined,
    changed: () => {},
    report: () => {},
    signal: stopping.signal,
    everyMs: 5,
    monotonic: () => clock.now,
  })
  expect([watched.claimed(), watched.others()]).toEqual([hand.address, [made.address]])
  watched.prefer(made.address)
  await vi.waitFor(() => expect(watched.claimed()).toBe(made.address), WITHIN)
  clock.now = 10 * 60_000
  await vi.waitFor(() => expect(watched.claimed()).toBe(hand.address), WITHIN)
})

function global(address: string): NodeAddress {
  return { address, family: 6, interface: 'eth0', prefixLength: 64, scope: 'global', flags: [] }
}
