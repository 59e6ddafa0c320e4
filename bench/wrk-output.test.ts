import { expect, test } from 'vitest'
import { bytesPerSecondOf, requestsOf } from './wrk-output.ts'

const said = (end: string) => `  1720 requests in 3.00s, 1.85GB read\nRequests/sec:   573.10\n${end}`

test.each([
  ['Transfer/sec:      1.50GB', 1.5 * 2 ** 30],
  ['Transfer/sec:    748.00MB', 748 * 2 ** 20],
  ['Transfer/sec:      0.00B', 0],
])('%s is so many bytes', (end, bytes) => {
  expect(bytesPerSecondOf(said(end))).toBe(bytes)
})

test('a rate with errors, or none, is no rate', () => {
  expect(bytesPerSecondOf('unable to connect to 127.0.0.1:1 Connection refused')).toBeUndefined()
  expect(bytesPerSecondOf(`Non-2xx or 3xx responses: 7\n${said('Transfer/sec: 9.00MB')}`)).toBeUndefined()
})

const latencies = (p99: string) => `  Latency Distribution
     50%    3.51ms
     99%   ${p99}
  9000 requests in 3.00s, 5.85MB read
Requests/sec:   3000.10
Transfer/sec:      1.50MB
`

test.each([
  ['812.00us', 0.812],
  ['7.25ms', 7.25],
  ['1.20s', 1200],
])('small answers: 99 of a hundred within %s', (p99, p99Ms) => {
  expect(requestsOf(latencies(p99))).toEqual({ perSecond: 3000.1, p99Ms })
})

test('small answers with errors among them are no rate', () => {
  expect(requestsOf(`${latencies('7.25ms')}Non-2xx or 3xx responses: 7\n`)).toBeUndefined()
})
