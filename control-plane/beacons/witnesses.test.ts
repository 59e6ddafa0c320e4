import { beforeEach, expect, test } from 'vitest'
import { householdLimit } from '../addresses/household-limit.ts'
import { witnesses } from './witnesses.ts'

let now: number
beforeEach(() => {
  now = 1_000_000
})
const crowd = ['2a02:8071:1::1', '192.0.2.1', '198.51.100.7', '203.0.113.9']
function weighing(addresses: string[]) {
  const weighed = witnesses({ now: () => now })
  for (const address of addresses) weighed.heard(address)
  return weighed
}

test('of few viewers one is enough to have a node watched', () => {
  expect(weighing(crowd.slice(0, 2)).lost('n', '192.0.2.1')).toBe('watch')
})

test('of many, one has it looked at, and a second of another household has it watched', () => {
  const { lost } = weighing(crowd)
  expect(lost('n', '192.0.2.1')).toBe('look')
  expect(lost('n', '192.0.2.1')).toBe('nothing')
  expect(lost('n', '198.51.100.7')).toBe('watch')
})

test('a household with as many addresses as it likes is one witness', () => {
  const { lost } = weighing(crowd)
  expect(lost('n', '2a02:8071:1::1')).toBe('look')
  for (let each = 2; each < 50; each += 1) expect(lost('n', `2a02:8071:1::${each}`)).toBe('nothing')
})

test('what was said long ago supports nobody, and who was heard long ago is not around', () => {
  const { lost } = weighing(crowd)
  expect(lost('n', '192.0.2.1')).toBe('look')
  now += 16_000
  expect(lost('n', '198.51.100.7')).toBe('look')
  now += 6 * 60_000
  expect(lost('n', '192.0.2.1')).toBe('watch')
})

test('a node is looked at only so often, whatever viewers tell of it', () => {
  const { lost } = weighing([])
  const outcomes = []
  for (let each = 0; each < 600; each += 1) {
    outcomes.push(lost('n', `203.0.${each % 250}.1`))
    now += 100
  }
  expect(outcomes.filter((worth) => worth === 'watch')).toHaveLength(2)
  expect(outcomes.filter((worth) => worth === 'look')).toHaveLength(0)
})

test('nodes are looked at only so often on viewers’ word, however many of them are named', () => {
  const { lost } = weighing([])
  const all = Array.from({ length: 20_000 }, (_, each) => lost(`n${each}`, `203.0.113.${each % 250}`))
  expect(all.filter((worth) => worth !== 'nothing')).toHaveLength(50)
  now += 10_000
  expect(lost('n20001', '192.0.2.1')).toBe('watch')
})

test('of a household so many beacons are heard in a minute, and of all together', () => {
  const { admits } = householdLimit({ perHousehold: 3, overall: 5, perMs: 60_000, now: () => now })
  const ask = (address: string, times: number) => Array.from({ length: times }, () => admits(address))
  expect(ask('2a02:8071:1::1', 2)).toEqual([true, true])
  expect(ask('2a02:8071:1::2', 2), 'the same line').toEqual([true, false])
  expect(ask('192.0.2.1', 3)).toEqual([true, true, false])
  now += 60_000
  expect(ask('192.0.2.1', 1)).toEqual([true])
})

test('households beyond ten thousand in a minute are not remembered, and not heard', () => {
  const { admits } = householdLimit({ perHousehold: 3, overall: 100_000, perMs: 60_000, now: () => now })
  const heard = Array.from({ length: 12_000 }, (_, each) => admits(`10.${each >> 8}.${each & 255}.1`))
  expect(heard.filter(Boolean)).toHaveLength(10_000)
})
