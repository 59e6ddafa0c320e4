import { expect, test } from 'vitest'
import { siteOf } from './viewer-site.ts'

test.each([
  ['2a01:4f8:c17:b8f::2', '2a01:4f8:c17:b00::/56'],
  ['2a01:4f8:c17:bff:1:2:3:4', '2a01:4f8:c17:b00::/56'],
  ['2a01:4f8:c17:c00::2', '2a01:4f8:c17:c00::/56'],
  ['2a01:4f8::1', '2a01:4f8:0:0::/56'],
  ['2a01:4f8:0:9::1', '2a01:4f8:0:0::/56'],
  ['45.66.4.7', '45.66.4.7'],
  ['192.168.1.5', undefined],
  ['10.0.0.1', undefined],
  ['127.0.0.1', undefined],
  ['::1', undefined],
  ['fd00::1', undefined],
])('%s stands at the site %s', (address, site) => {
  expect(siteOf(address)).toBe(site)
})
