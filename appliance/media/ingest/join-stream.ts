import { connect } from 'node:net'
import { readMessages } from './read-messages.ts'
import { amf, MESSAGE, OUR_CHUNKS, type RtmpMessage, writtenMessage } from './rtmp-message.ts'

type Listener = {
  /** The server has let us in. */
  joined: () => void
  media: (message: RtmpMessage) => void
  /** Told once: the publisher has left, or the line is cut. */
  over: () => void
}

/** Each side says a byte for the version and a challenge, and hears its challenge back. */
const CHALLENGE_BYTES = 1536
const HELLO = Buffer.concat([Buffer.from([3]), Buffer.alloc(CHALLENGE_BYTES)])
const STREAM = 1
const READ_BYTES = 65_536
const CONTROL = { streamIsOver: 1, ping: 6, pong: 7 }
const META_DATA = amf('onMetaData')

/** A player of one stream of an RTMP server. */
export function joinStream(url: string, { joined, media, over }: Listener) {
  const { hostname, port, pathname } = new URL(url)
  const [, app = '', name = ''] = pathname.split('/')
  const socket = connect({
    port: Number(port || 1935),
    host: hostname.replace(/^\[|\]$/g, ''),
    // Small pieces, a hundred a second: they all come in the same bytes.
    onread: { buffer: Buffer.allocUnsafe(READ_BYTES), callback: take },
  })
  const read = readMessages(hear)
  let greeting: Buffer | undefined = Buffer.alloc(0)
  let isOver = false

  socket.setNoDelay().write(HELLO)
  socket.on('error', () => {}) // told by its end
  socket.on('close', leave)

  function take(count: number, buffer: Uint8Array): boolean {
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, count)
    if (greeting) greet(Buffer.concat([greeting, bytes]))
    else read(bytes)
    return true
  }

  function greet(said: Buffer) {
    const end = HELLO.length + CHALLENGE_BYTES
    greeting = said.length < end ? said : undefined
    if (greeting) return
    socket.write(Buffer.concat([said.subarray(1, HELLO.length), OUR_CHUNKS]))
    command(0, 'connect', 1, { app, tcUrl: url.slice(0, url.lastIndexOf('/')) })
    read(said.subarray(end))
  }

  function command(stream: number, ...values: Parameters<typeof amf>) {
    socket.write(writtenMessage({ type: MESSAGE.command, body: amf(...values), stream }))
  }

  function hear(message: RtmpMessage) {
    if (isOver) return
    const { type, body } = message
    if (type === MESSAGE.command) hearCommand(body)
    else if (type === MESSAGE.control) hearControl(body)
    else if (isMedia(message)) media(message)
  }

  function hearCommand(body: Buffer) {
    if (body.includes('NetConnection.Connect.Success')) {
      command(0, 'createStream', 2, null)
      command(STREAM, 'play', 3, null, name)
    }
    if (body.includes('NetStream.Play.Start')) joined()
  }

  function hearControl(body: Buffer) {
    const kind = body.length < 2 ? undefined : body.readUInt16BE()
    if (kind === CONTROL.streamIsOver) leave()
    if (kind !== CONTROL.ping) return
    const pong = Buffer.concat([Buffer.from([0, CONTROL.pong]), body.subarray(2)])
    socket.write(writtenMessage({ type: MESSAGE.control, body: pong }))
  }

  /** Whatever is still under way is nobody's. */
  function leave() {
    if (isOver) return
    isOver = true
    socket.destroy()
    over()
  }

  return {
    leave,
    isPaused: () => socket.isPaused(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  }
}

/** What the server itself says as data is of no use to anybody. */
function isMedia({ type, body }: RtmpMessage): boolean {
  if (type === MESSAGE.data) return body.subarray(0, META_DATA.length).equals(META_DATA)
  return (type === MESSAGE.sound || type === MESSAGE.picture) && body.length > 0
}
