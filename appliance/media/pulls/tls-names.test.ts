import { expect, test } from 'vitest'
import { meantBy, withTlsNames } from './tls-names.ts'

test.each([
  ['https://a.example/x?y', 'http://a.example.tls.invalid/x?y'],
  ['https://a.example', 'http://a.example.tls.invalid'],
  ['https://e:pw@a.example:8443/x', 'http://e:pw@a.example.tls.invalid:8443/x'],
  ['https://a.example:80/x', 'http://a.example.tls.invalid:80/x'],
  ['https://10.0.0.5/x', 'http://10.0.0.5.tls.invalid/x'],
  ['https://[fd12::1]:8443/x', 'http://fd12--1.tls6.invalid:8443/x'],
  ['https://e:p-w@[::1]/x', 'http://e:p-w@--1.tls6.invalid/x'],
])('%s is asked for as %s, and meant by it', (meant, asked) => {
  expect(withTlsNames(meant)).toBe(asked)
  expect(meantBy(asked)?.href).toBe(new URL(meant).href)
})

test('what is not behind TLS is asked for and meant as it is', () => {
  expect(withTlsNames('http://a.example/x')).toBe('http://a.example/x')
  expect(meantBy('http://a.example/x')?.href).toBe('http://a.example/x')
  expect(meantBy('http://a.example/x?http://b.tls.invalid/')?.hostname).toBe('a.example')
  expect(meantBy('/x')).toBe(undefined)
})

test.each([
  ['#EXTM3U\nhttps://a/1.ts\nb/2.ts', '#EXTM3U\nhttp://a.tls.invalid/1.ts\nb/2.ts'],
  ['#EXT-X-MAP:URI="https://a/i.mp4"', '#EXT-X-MAP:URI="http://a.tls.invalid/i.mp4"'],
  ['<BaseURL>HTTPS://a/</BaseURL>', '<BaseURL>http://a.tls.invalid/</BaseURL>'],
  ["<S media='https://a/$Number$'/>", "<S media='http://a.tls.invalid/$Number$'/>"],
  ['1.ts?from=https://a/', '1.ts?from=https://a/'],
])('the links of %j are written so that they can be opened', (text, written) => {
  expect(withTlsNames(text)).toBe(written)
})
