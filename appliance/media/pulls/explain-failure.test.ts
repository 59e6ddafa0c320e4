import { expect, test } from 'vitest'
import { whyNot } from './explain-failure.ts'

test.each([
  [
    '[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized',
    'The camera asks for another user name or password.',
  ],
  [
    '[tcp @ 0x1] Connection to tcp://10.0.0.5:554 failed: Connection refused',
    'The camera refuses connections.',
  ],
  [
    '[tcp @ 0x1] Connection failed: No route to host',
    'The camera cannot be reached from here: look at its power and its cable.',
  ],
  [
    '[rtsp @ 0x1] method SETUP failed: 461 Unsupported transport\nrtsp://10.0.0.5/x: Protocol not supported',
    'The camera sends over UDP alone: have it send RTSP over TCP.',
  ],
  [
    '[srt @ 0x1] Connection to srt://10.0.0.5:9000?passphrase=x failed: Input/output error',
    'The camera does not answer, or wants another passphrase.',
  ],
  ['Server returned 404 Not Found', 'The camera has nothing under this address.'],
  [
    "[file @ 0x1] Protocol 'file' not on whitelist 'http'!",
    'The camera leads to something of another kind, which is not opened.',
  ],
  ['[concat @ 0x1] rtsp://10.0.0.5/x: Connection timed out', 'The camera does not answer.'],
  [
    '[rtmp @ 0x1] Server error: No such stream\nrtmp://10.0.0.5/live/x: Operation not permitted',
    'The camera has nothing under this name, or refuses to be read.',
  ],
  ['', 'The camera does not answer.'],
  ['[concat @ 0x55a4030c0401] x: Connection refused', 'The camera refuses connections.'],
  [
    '[x @ 0x1] rtsp://eve:s3cret@10.0.0.5/x?t=1: odd',
    'The camera cannot be opened: rtsp://***@10.0.0.5/x?*** odd',
  ],
])('of "%s" people hear "%s"', (complaint, sentence) => {
  expect(whyNot(complaint, 'The camera')).toBe(sentence)
})
