import { expect, test } from 'vitest'
import { probeTarget } from './probe-target.ts'

const rules = { ports: [443, 8083], loopback: false }
const ask = (claimed: string, changes: object = {}) =>
  probeTarget({ claimed, source: claimed, port: 8083, rules, ...changes })

test.each(['2a01:4f8::1', '2001:4860::1', '2600::', '3ffe::1', '8.8.8.8', '192.0.1.1', '172.32.0.1'])(
  '%s is probed',
  (address) => expect(ask(address)).toEqual({ allowed: true }),
)

test.each([
  '::',
  '::1',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '64:ff9b::808:808',
  '2001::1',
  '2001:db8::1',
  '2002:808:808::1',
  '3fff::1',
  '4000::1',
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
])('%s is never probed', (address) => expect(ask(address)).toMatchObject({ allowed: false }))

test('a fleet on one machine is probed on loopback, when the control plane is there too', () => {
  const local = { rules: { ...rules, loopback: true } }
  expect(ask('127.0.0.2', local)).toEqual({ allowed: true })
  expect(ask('::1', local)).toEqual({ allowed: true })
  expect(ask('192.168.1.1', local)).toMatchObject({ allowed: false })
})

test('only the address the heartbeat came from is probed', () => {
  expect(ask('2a01::1', { source: '2a01::2' })).toMatchObject({
    allowed: false,
    cause: expect.stringContaining('2a01::2'),
  })
})

test('only ports that viewers use are probed', () => {
  expect(ask('2a01::1', { port: 22 })).toMatchObject({
    allowed: false,
    cause: expect.stringContaining('22'),
  })
})
