import { expect, test } from 'vitest'
import { browserWords } from './browser-words.ts'

const mozilla = (rest: string) => `Mozilla/5.0 (${rest}`

test.each([
  [mozilla('X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'), 'Firefox on Linux'],
  [
    mozilla('Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'),
    'Chrome on Windows',
  ],
  [
    mozilla('Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0'),
    'Edge on Windows',
  ],
  [
    mozilla(
      'Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Safari/605.1',
    ),
    'Safari on a Mac',
  ],
  [
    mozilla('iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140 Mobile Safari/604.1'),
    'Chrome on an iPhone',
  ],
  [
    mozilla('Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/27 Chrome/125 Mobile'),
    'Samsung Internet on Android',
  ],
  ['curl/8.14.1', 'curl'],
  ['', 'an unknown browser'],
  ['<script>alert(1)</script>', 'an unknown browser'],
])('%s is %s', (agent, words) => {
  expect(browserWords(agent)).toBe(words)
})
