import { Transform } from 'node:stream'

/**
 * What a camera says by RTSP, without its redirects: ffmpeg would follow them anywhere. Each message is written anew, so that
 * none can be read by ffmpeg otherwise than it was read here.
 */
export function rtspAnswers(): Transform {
  let unread: Buffer = Buffer.alloc(0)
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      unread = unread.length ? Buffer.concat([unread, bytes]) : bytes
      const written: Buffer[] = []
      try {
        for (let piece = readPiece(unread); piece; piece = readPiece(unread)) {
          written.push(piece.written)
          unread = unread.subarray(piece.size)
        }
        done(null, Buffer.concat(written))
      } catch (cause) {
        done(new Error('no RTSP', { cause }))
      }
    },
  })
}

/** What stands at the beginning of the bytes, and how long it is there. */
type Piece = { size: number; written: Buffer }

const NOTHING = Buffer.alloc(0)
const [DOLLAR, CARRIAGE_RETURN, LINE_FEED] = [36, 13, 10]
const LONGEST_HEAD = 16_384
const LONGEST_BODY = 65_536
/** For what is shorter than a header of RTP ffmpeg looks again, as if it were text. */
const SHORTEST_PACKET = 8

/** Undefined while it is not whole. */
function readPiece(bytes: Buffer): Piece | undefined {
  const [first] = bytes
  if (first === undefined) return undefined
  if (first === CARRIAGE_RETURN || first === LINE_FEED) return { size: 1, written: NOTHING }
  return first === DOLLAR ? readPacket(bytes) : readMessage(bytes)
}

/** Sound and pictures: a dollar sign, a channel, a length, and so many bytes. */
function readPacket(bytes: Buffer): Piece | undefined {
  if (bytes.length < 4) return undefined
  const length = bytes.readUInt16BE(2)
  const size = 4 + length
  if (bytes.length < size) return undefined
  return { size, written: length < SHORTEST_PACKET ? NOTHING : bytes.subarray(0, size) }
}

function readMessage(bytes: Buffer): Piece | undefined {
  const text = bytes.toString('latin1', 0, LONGEST_HEAD)
  const end = /\r?\n\r?\n/.exec(text)
  if (!end && bytes.length >= LONGEST_HEAD) throw new Error('a message without an end')
  if (!end) return undefined
  const [first = '', ...rest] = text.slice(0, end.index).split(/\r?\n/)
  const headers = rest.flatMap(readHeader)
  const length = lengthOf(headers)
  const bodyAt = end.index + end[0].length
  const size = bodyAt + length
  if (bytes.length < size) return undefined
  const lines = [beginningOf(first), ...headers.filter(isHarmless), `Content-Length: ${length}`]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return { size, written: Buffer.concat([head, bytes.subarray(bodyAt, size)]) }
}

/** An answer; or something a camera asks for by itself, which ffmpeg answers. */
function beginningOf(line: string): string {
  const [, status = '', reason = ''] = /^RTSP\/\d\.\d +(\d{3})(?: +([ -~\x80-\xff]*))?$/.exec(line) ?? []
  if (status.startsWith('3')) return 'RTSP/1.0 403 Redirects are not followed'
  if (status) return `RTSP/1.0 ${status} ${reason}`
  if (/^[A-Z_]+ [!-~]+ RTSP\/1\.0$/.test(line)) return line
  throw new Error('neither an answer nor a request')
}

function readHeader(line: string): string[] {
  return /^[\w-]+:[\t -~\x80-\xff]*$/.test(line) ? [line] : []
}

const isHarmless = (header: string) => !/^(?:content-length|location):/i.test(header)

function lengthOf(headers: string[]): number {
  const [length = 0] = headers.flatMap((header) => {
    const [, value] = /^content-length:(.*)$/i.exec(header) ?? []
    return value === undefined ? [] : [Number(value)]
  })
  if (!Number.isInteger(length) || length < 0 || length > LONGEST_BODY)
    throw new Error('a body of odd length')
  return length
}
