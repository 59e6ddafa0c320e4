import { expect, test } from 'vitest'
import { canonicalAddress, familyOf, household, urlHost } from './addresses.ts'

test.each([
  ['2A01:0DB8:0000::0001', '2a01:db8::1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['127.0.0.1', '127.0.0.1'],
  ['', ''],
])('%j is written as %j', (written, canonical) => expect(canonicalAddress(written)).toBe(canonical))

test.each([
  ['2a01:4f8:1:2:3:4:5:6', '2a01:4f8:1:2'],
  ['2a01:4f8::1', '2a01:4f8:0:0'],
  ['::1', '0:0:0:0'],
  ['192.0.2.7', '192.0.2.7'],
  ['anything', 'anything'],
])('%s belongs to the household %s', (address, expected) => expect(household(address)).toBe(expected))

test('an IPv6 address stands in brackets in a URL', () => {
  expect([urlHost('2a01::1'), urlHost('192.0.2.7')]).toEqual(['[2a01::1]', '192.0.2.7'])
  expect([familyOf('2a01::1'), familyOf('192.0.2.7')]).toEqual([6, 4])
})
