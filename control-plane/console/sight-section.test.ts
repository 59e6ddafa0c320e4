import { expect, test } from 'vitest'
import { startTestConsole } from './start-test-console.ts'

const page = (await startTestConsole().page('/console/streams/harbour')).replace(/\s+/g, ' ')

test.each([
  ['the source', '1920 × 1080, 29.97 frames a second, with sound'],
  ['an encoder that falls behind, in colour', '<span class="state warn">0.91 × real time</span>'],
  ['how fast viewers are answered', '3.2 ms'],
  ['what a rendition takes', '2.5 Mbit/s'],
  ['what it takes at most', '3.1 Mbit/s'],
  ['what is wrong, in words', 'The encoder is &lt;script&gt; behind. <span class="quiet">depot, '],
])('the page of a stream says %s', (_, words) => {
  expect(page).toContain(words)
})
