import { expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

test.each([
  ['rtsp://eve:s3cret@10.0.0.5:554/live', 'rtsp://***@10.0.0.5:554/live'],
  ['rtsp://eve:p@ss@10.0.0.5/live?pass=s3cret', 'rtsp://***@10.0.0.5/live?***'],
  ['rtmp://localhost/live/x', 'rtmp://localhost/live/x'],
  ["Impossible to open 'http://e:s@h/x?t=1' now", "Impossible to open 'http://***@h/x?***' now"],
  ['film.ts', 'film.ts'],
  ['two: http://a:b@c/ and srt://d:1?passphrase=e', 'two: http://***@c/ and srt://d:1?***'],
])('of %s people see %s', (text, seen) => {
  expect(maskSecrets(text)).toBe(seen)
})
