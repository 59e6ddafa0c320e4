import { expect, test } from 'vitest'
import { parseIfInet6 } from './if-inet6.ts'

/** Of a box with a static address, privacy extensions and a prefix that has just been replaced. */
const RASPBERRY = `\
00000000000000000000000000000001 01 80 10 80       lo
2a0104f80c2a1234ba27ebfffe123456 02 40 00 00     eth0
2a0104f80c2a1234d9f1c0a8b3e47a11 02 40 00 01     eth0
2a0104f80c2a9999ba27ebfffe123456 02 40 00 20     eth0
2a0104f80c2a12340000000000000080 02 40 00 80     eth0
2a0104f80c2a1234000000000000dead 02 40 00 c8     eth0
fd000000000000000000000000000002 04 40 00 82     eth0
fe80000000000000ba27ebfffe123456 02 40 20 80     eth0
2a0104f80c2a1234ba27ebfffe654321 03 40 00 40    wlan0
`

test('addresses are read with the flags that neither Node nor the shell tools tell', () => {
  expect(parseIfInet6(RASPBERRY).map(({ address, scope, flags }) => [address, scope, ...flags])).toEqual([
    ['::1', 'loopback', 'permanent'],
    ['2a01:4f8:c2a:1234:ba27:ebff:fe12:3456', 'global'],
    ['2a01:4f8:c2a:1234:d9f1:c0a8:b3e4:7a11', 'global', 'temporary'],
    ['2a01:4f8:c2a:9999:ba27:ebff:fe12:3456', 'global', 'deprecated'],
    ['2a01:4f8:c2a:1234::80', 'global', 'permanent'],
    ['2a01:4f8:c2a:1234::dead', 'global', 'dadfailed', 'tentative', 'permanent'],
    ['fd00::2', 'private', 'permanent'],
    ['fe80::ba27:ebff:fe12:3456', 'link', 'permanent'],
    ['2a01:4f8:c2a:1234:ba27:ebff:fe65:4321', 'global', 'tentative'],
  ])
})

test('prefix length and interface come along', () => {
  expect(parseIfInet6(RASPBERRY).at(-1)).toMatchObject({ family: 6, prefixLength: 64, interface: 'wlan0' })
})

test.each([
  ['nothing', ''],
  ['a cut line', '2a0104f80c2a1234 02'],
  ['another file', 'Iface Destination Gateway Flags RefCnt Use'],
])('%s gives no address', (_, text) => {
  expect(parseIfInet6(text)).toEqual([])
})
