import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { pageSecurity } from './page-security.ts'

const app = new Hono().use(pageSecurity()).get('/', (c) => c.text(''))

test.each<[string, Record<string, string>, boolean]>([
  ['https://fleet.example/', {}, true],
  ['http://fleet.example/', { 'x-forwarded-proto': 'https' }, true],
  ['http://localhost:9090/', {}, true],
  ['http://127.0.0.1:9090/', {}, true],
  ['http://[::1]:9090/', {}, true],
  ['http://fleet.example/', {}, false],
  ['http://192.168.1.5:9090/', {}, false],
  ['http://127.0.0.1.evil.example/', {}, false],
])('a page at %s with %o asks to be isolated: %s', async (url, headers, isolated) => {
  const answer = await app.request(url, { headers })
  expect(answer.headers.has('cross-origin-opener-policy')).toBe(isolated)
  expect(answer.headers.has('origin-agent-cluster')).toBe(isolated)
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(answer.headers.has('strict-transport-security')).toBe(false)
})
