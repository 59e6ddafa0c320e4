import { expect, test } from 'vitest'
import { addressScope } from './address-scope.ts'

test.each([
  ['::1', 'loopback'],
  ['127.0.0.3', 'loopback'],
  ['fe80::1', 'link'],
  ['169.254.7.7', 'link'],
  ['fd12::1', 'private'],
  ['2001:db8::1', 'private'],
  ['2001:0:53aa::1', 'private'],
  ['2002:c000:204::1', 'private'],
  ['2001:2::1', 'private'],
  ['192.88.99.1', 'private'],
  ['64:ff9b::1', 'private'],
  ['::ffff:8.8.8.8', 'private'],
  ['2001:4860:4860::8888', 'global'],
  ['2a01:4f8::1', 'global'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['224.0.0.1', 'private'],
  ['255.255.255.255', 'private'],
  ['9.9.9.9', 'global'],
] as const)('%s is %s', (address, scope) => {
  expect(addressScope(address)).toBe(scope)
})
