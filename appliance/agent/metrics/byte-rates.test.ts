import { expect, test } from 'vitest'
import { byteRates, parseNetDev } from './byte-rates.ts'

const NET_DEV = `\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1304691    1200    0    0    0     0          0         0  1304691    1200    0    0    0     0       0          0
  eth0:577484888 400000    0    0    0     0          0         0   778620    9000    0    0    0     0       0          0
`

test('counters are read, with and without a space after the colon', () => {
  expect(parseNetDev(NET_DEV)).toEqual([
    { interface: 'lo', receivedBytes: 1_304_691, sentBytes: 1_304_691 },
    { interface: 'eth0', receivedBytes: 577_484_888, sentBytes: 778_620 },
  ])
})

test('a rate is what came since the round before; a counter that began anew counts as still', () => {
  const rates = byteRates()
  const at = (receivedBytes: number, ms: number) =>
    rates([{ interface: 'eth0', receivedBytes, sentBytes: 0 }], ms)[0]?.receivedBytesPerSecond
  expect([at(1000, 0), at(11_000, 5000), at(50, 10_000), at(550, 12_500)]).toEqual([0, 2000, 0, 200])
})
