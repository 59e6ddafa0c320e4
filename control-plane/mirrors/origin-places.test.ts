import { expect, test } from 'vitest'
import { originPlaces } from './origin-places.ts'

const proven = { address: '2a01:4f8::a', port: 8084 }
const listed = (address: string, changes: object = {}) => ({
  address,
  family: address.includes(':') ? 6 : 4,
  interface: 'eth0',
  prefixLength: 24,
  scope: 'global',
  flags: ['permanent'],
  ...changes,
})
const others = (...addresses: object[]) =>
  originPlaces({ proven, addresses: JSON.stringify(addresses) }).map(({ address }) => address)

test('an origin is found where a probe has found it, and at its own public address of the other family', () => {
  const addresses = JSON.stringify([listed('2a01:4f8::b'), listed('45.66.1.1')])
  expect(originPlaces({ proven, addresses })).toEqual([proven, { address: '45.66.1.1', port: 8084 }])
  expect(originPlaces({ proven, addresses: null })).toEqual([proven])
  expect(originPlaces({ proven: undefined, addresses })).toEqual([])
})

test.each<[string, object]>([
  ['private', listed('192.168.1.5', { scope: 'private' })],
  ['private, though it is called public', listed('192.168.1.5')],
  ['of this machine, though it is called public', listed('127.0.0.1')],
  ['not ready', listed('45.66.1.1', { flags: ['tentative'] })],
  ['written in a way that this release cannot read', { address: '45.66.1.1' }],
])('an address that is %s is no place to copy from', (_, address) => {
  expect(others(address)).toEqual([proven.address])
})

test('a fleet on one machine copies there', () => {
  const here = { address: '127.0.0.1', port: 8084 }
  expect(originPlaces({ proven: here, addresses: JSON.stringify([listed('2a01:4f8::b')]) })).toEqual([here])
})
