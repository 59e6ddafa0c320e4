import type { NodeAddress } from '@sixcast/shared/contract/heartbeat.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, test } from 'vitest'
import { addressScope } from './address-scope.ts'
import { addressWords } from './address-words.ts'

test('a trouble with the addresses is said when it begins, with what to do, and again when it is over', () => {
  const { words, lines, has } = node('192.168.1.20')
  expect(lines()).toEqual([
    {
      level: 'warn',
      event: 'viewers cannot be sent to this node',
      cause: expect.stringContaining('IPv4 only behind a router'),
      remedy: expect.stringContaining('IPv6'),
    },
  ])
  words.say()
  expect(lines()).toHaveLength(1)
  has('2a01:4f8::7')
  words.say()
  expect(lines()[1]).toMatchObject({ level: 'info', event: 'viewers can be sent to this node' })
})

test('health tells it as it is now', () => {
  const { words, has } = node('192.168.1.20')
  expect(words.health()).toMatchObject({ case: 'nat-v4' })
  has('2a01:4f8::7')
  expect(words.health()).toEqual({
    case: 'global-v6',
    what: 'It has a global IPv6 address that lasts.',
    remedy: 'Its router must let viewers in to it.',
  })
})

test('an installer who has ordered an address knows what he does', () => {
  const { words, lines } = node('192.168.1.20', '65.21.108.7')
  expect([lines(), words.health()]).toEqual([[], undefined])
})

/** A node with one address. */
function node(address: string, ordered?: string) {
  const said: string[] = []
  let own = of(address)
  const words = addressWords({
    addresses: () => [own],
    ordered,
    log: createLog('agent', (line) => said.push(line)),
  })
  return {
    words,
    lines: () => said.map((line) => ({ ...JSON.parse(line), unit: undefined })),
    has(other: string) {
      own = of(other)
    },
  }
}

function of(address: string): NodeAddress {
  const family = address.includes(':') ? 6 : 4
  return { address, family, interface: 'eth0', prefixLength: 64, scope: addressScope(address), flags: [] }
}
