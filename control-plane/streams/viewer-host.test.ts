import { expect, test } from 'vitest'
import { viewerHost } from './viewer-host.ts'

test.each([
  ['127.0.0.1:8084', 'localhost', '127.0.0.1:8084'],
  ['127.0.0.2:8084', '127.0.0.1', '127.0.0.2:8084'],
  ['127.0.0.2:8084', '[::1]', '127.0.0.2:8084'],
  ['127.0.0.1:8084', '192.168.1.5', '192.168.1.5:8084'],
  ['127.0.0.1:8084', '[2a01::5]', '[2a01::5]:8084'],
  ['127.0.0.1:8084', 'box.local', 'box.local:8084'],
  ['127.0.0.2:8084', 'box.local', 'box.local:8080'],
  ['[::1]:8084', '192.168.1.5', '192.168.1.5:8080'],
  ['[2a01::9]:8084', '192.168.1.5', '[2a01::9]:8084'],
  ['198.51.100.7:8084', 'box.local', '198.51.100.7:8084'],
  ['127.0.0.1:8084', '127.evil.example', '127.evil.example:8084'],
])('%s is fetched by a viewer at %s from %s', (host, requestHost, expected) => {
  expect(viewerHost({ host, requestHost, relayPort: 8080 })).toBe(expected)
})
