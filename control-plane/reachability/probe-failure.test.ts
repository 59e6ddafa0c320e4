import { expect, test } from 'vitest'
import { failureOf, PROBE_FAILURES, probeCause, probeRemedy } from './probe-failure.ts'

const outside = { connected: false, hasWay: true }

test.each([
  ['ECONNREFUSED', outside, 'refused'],
  ['EACCES', outside, 'refused'],
  ['EHOSTUNREACH', outside, 'no-way'],
  ['ENETUNREACH', outside, 'no-way'],
  ['UND_ERR_CONNECT_TIMEOUT', outside, 'silent'],
  ['ECONNRESET', outside, 'broken'],
  ['UND_ERR_SOCKET', { ...outside, connected: true }, 'broken'],
  ['HPE_INVALID_CONSTANT', { ...outside, connected: true }, 'broken'],
])('%s (%j) says of the node that it is %s', (code, asked, failure) => {
  expect(failureOf(code, asked)).toBe(failure)
})

test.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOBUFS', 'ENOMEM', 'EPERM'])(
  '%s is the prober’s own trouble',
  (code) => expect(failureOf(code, outside)).toBeUndefined(),
)

test('no network is the prober’s own trouble when its own machine knows no way', () => {
  expect(failureOf('ENETUNREACH', { connected: false, hasWay: false })).toBeUndefined()
})

test('a router that lets nobody in is told with what to open, for whom', () => {
  const six = { address: '2a01:4f8::7', port: 8084 }
  expect(probeCause('silent', six)).toContain('drops inbound IPv6 to port 8084')
  expect(probeRemedy('silent', six)).toContain('open TCP 8084 to [2a01:4f8::7]')
  const four = { address: '192.0.2.7', port: 8084 }
  expect(probeCause('silent', four)).toContain('IPv4')
  expect(probeRemedy('silent', four)).toContain('forward TCP 8084 of 192.0.2.7')
})

test.each(PROBE_FAILURES)(
  '%s has a cause and a remedy, in whole sentences that fit their column',
  (failure) => {
    const door = { address: '2a01:4f8:aaaa:bbbb:cccc:dddd:eeee:ffff', port: 65_535 }
    for (const sentence of [probeCause(failure, door), probeRemedy(failure, door)]) {
      expect(sentence).toMatch(/^[A-Z].*\.$/)
      expect(sentence.length).toBeLessThan(300)
    }
  },
)
