import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { rtspAnswers } from './rtsp-answers.ts'

/** What ffmpeg hears, however the line has cut it into pieces. */
async function through(said: string, pieceBytes = said.length): Promise<string> {
  const answers = rtspAnswers()
  const bytes = Buffer.from(said, 'latin1')
  for (let at = 0; at < bytes.length; at += pieceBytes) answers.write(bytes.subarray(at, at + pieceBytes))
  answers.end()
  return text(answers.setEncoding('latin1'))
}

const SDP = 'v=0\r\nm=video 0 RTP/AVP 96\r\n'
const DESCRIBED = `RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`
const PACKET = `$\0\0\x0c${'\r\n\r\nRTSP/1.0'}`

test.each([1, 2, 7, 1000])(
  'answers, their bodies and packets come through in pieces of %i bytes',
  async (size) => {
    const heard = await through(`${DESCRIBED}${PACKET}RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n${PACKET}`, size)
    expect(heard).toBe(
      `${DESCRIBED}${PACKET}RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 0\r\n\r\n${PACKET}`,
    )
  },
)

test('a request of the camera comes through, and what is asked with it', async () => {
  const request = 'SET_PARAMETER rtsp://camera/cam RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 2\r\n\r\nab'
  expect(await through(request)).toBe(request)
})

const LED = 'Location: rtsp://127.0.0.1:7777/steal'
test.each([
  `RTSP/1.0 302 Moved\r\n${LED}\r\n\r\n`,
  `RTSP/1.0 302\r\nlocation:rtsp://127.0.0.1/\r\n\r\n`,
  `RTSP/1.0   301 Moved\n${LED}\n\n`,
  `\r\n\r\nRTSP/2.0 305 Use Proxy\r\n${LED}\r\n\r\n`,
  `$\0\0\x03abcRTSP/1.0 302 Moved\r\n${LED}\r\n\r\n`,
  `RTSP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Length: 900\r\n\r\nRTSP/1.0 302 Moved\r\n${LED}\r\n\r\n`,
  `RTSP/1.0 200 OK\r\nX: a\r\0\r\nContent-Length : 9\r\n\0\r\nRTSP/1.0 302 Moved\r\n\r\n`,
])('of %j no redirect comes through', async (said) => {
  const heard = await through(said)
  expect(heard).toMatch(/^RTSP\/1\.0 [24]\d\d /)
  expect(heard).not.toMatch(/ 30\d|Location|7777/i)
})

test.each([
  ' RTSP/1.0 302 Moved\r\n\r\n',
  '\tRTSP/1.0 302 Moved\r\n\r\n',
  'RTSP/1.0\t302 Moved\r\n\r\n',
  'RTSP/1.0 3020 Moved\r\n\r\n',
  'RTSP/1.0 +302 Moved\r\n\r\n',
  'RTSP/1.0 \x00302 Moved\r\n\r\n',
  'RTSP/ 302 Moved\r\n\r\n',
  'RT\rSP/1.0 302 Moved\r\n\r\n',
  'RTSP/1.0 200 a\0b\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: 65537\r\n\r\n',
  `RTSP/1.0 200 ${'x'.repeat(20_000)}`,
])('%j ends the line', async (said) => {
  await expect(through(said)).rejects.toThrow('no RTSP')
})
