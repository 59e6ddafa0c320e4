import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { basename } from 'node:path'
import { execPath } from 'node:process'
import { expect, test } from 'vitest'
import { refuseBusyPorts } from './busy-ports.ts'
import { listeners, portOwner } from './port-owner.ts'

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const line = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0\n`

test.each([
  ['0100007F:1F93', '127.0.0.1', 8083],
  ['00000000:078F', '0.0.0.0', 1935],
  ['00000000000000000000000001000000:2382', '::1', 9090],
  ['00000000000000000000000000000000:1F90', '::', 8080],
  ['B80D0120000000000000000001000000:0050', '2001:db8::1', 80],
])('the kernel writes %s for %s port %d', (written, address, port) => {
  expect(listeners(head + line(written, '0A', 77))).toEqual([{ address, port, inode: '77' }])
})

test('connections are no listeners', () => {
  expect(listeners(head + line('0100007F:1F93', '01', 77))).toEqual([])
})

test.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('a listener at %s is found and named', async (host) => {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const wanted = host.includes(':') ? '::1' : '127.0.0.1'
  expect(portOwner(wanted, port)).toEqual({ pid: process.pid, program: basename(execPath) })
  const refused = refuseBusyPorts([{ address: wanted, port, what: 'relay' }])
  await expect(refused).rejects.toThrow(
    `Port ${port} on ${wanted} (relay) is taken by ${basename(execPath)} (process ${process.pid})`,
  )
  server.close()
  await once(server, 'close')
  await refuseBusyPorts([{ address: wanted, port, what: 'relay' }])
})

test('the same port at another address is free', async () => {
  const server = createServer().listen(0, '127.0.0.2')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(portOwner('127.0.0.1', port)).toBeUndefined()
  await refuseBusyPorts([{ address: '127.0.0.1', port, what: 'relay' }])
  server.close()
})
