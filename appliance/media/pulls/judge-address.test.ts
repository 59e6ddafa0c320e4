import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { placeOf, refusalOf } from './judge-address.ts'

const OWN = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .map(({ address }) => address)

test.each([
  '127.0.0.1',
  '127.8.9.10',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2002:7f00::',
  '2002:5db8:d822::1',
  '2001:0:5db8:d822::1',
  '2001::1',
  '64:ff9b:1::7f00:1',
  '64:ff9b:1:7f00:0:100::',
  '::ffff:0:7f00:1',
  'fec0::1',
  'feff::1',
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fd00:0ec2:0::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '168.63.129.16',
  '192.0.0.192',
  '100.100.100.200',
  '0.0.0.0',
  '0.1.2.3',
  '::',
  '224.0.0.1',
  '255.255.255.255',
  'ff02::1',
])('nothing is pulled from %s', (address) => {
  expect(refusalOf(address)).toMatch(new RegExp(`^${address.replaceAll('.', '\\.')} (?:is|leads) `))
})

test.each(OWN)('nothing is pulled from %s, which is this machine', (address) => {
  expect(refusalOf(address)).toMatch(/is this machine itself|is link-local/)
  if (!address.includes(':')) expect(refusalOf(`::ffff:${address}`)).toMatch(/this machine|link-local/)
})

test.each([
  '10.0.0.5',
  '192.168.1.2',
  '172.16.0.9',
  '100.64.0.1',
  'fd12:3456::7',
  '93.184.216.34',
  '2606:2800::1',
  '2001:4860:4860::8888',
  '64:ff9b::5db8:d822',
])('a camera may be at %s', (address) => {
  expect(refusalOf(address)).toBeUndefined()
})

test.each([
  ['93.184.216.34', 'internet'],
  ['2606:2800::1', 'internet'],
  ['64:ff9b::5db8:d822', 'internet'],
  ['192.168.1.1', 'house'],
  ['172.16.0.9', 'house'],
  ['100.64.0.1', 'house'],
  ['fd12:3456::7', 'house'],
  ['::ffff:10.0.0.5', 'house'],
  ['64:ff9b::a00:5', 'house'],
])('%s is of the %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})
