import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Server, Socket } from 'node:net'

type Camera = {
  /** For RTSP in the clear or inside TLS. */
  server: Server
  /** What it answers in a way of its own; undefined for what is usual. */
  answer?: (method: string) => string | undefined
}

const REALM = 'Digest realm="camera", nonce="n0nce"'

/** For tests: a camera that shows a moving picture by RTSP to eve, who knows the password s3cret. */
export async function startTestCamera({ server, answer = () => undefined }: Camera) {
  const asked: string[] = []
  const watching = new Set<Socket>()
  const picture = await startPicture((packet) => {
    for (const socket of watching) socket.write(interleaved(packet))
  })

  function hear(socket: Socket, request: string) {
    const [line = '', ...headers] = request.split('\r\n')
    asked.push(line)
    const [method = ''] = line.split(' ')
    const cseq = headers.find((header) => header.startsWith('CSeq'))
    socket.write((answer(method) ?? usual(request)).replace('\r\n', `\r\n${cseq}\r\n`))
    if (method === 'PLAY') watching.add(socket)
  }

  function usual(request: string): string {
    const [method = '', url = ''] = request.split(' ')
    if (method === 'OPTIONS') return 'RTSP/1.0 200 OK\r\nPublic: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n'
    if (!isAllowed(request)) return `RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: ${REALM}\r\n\r\n`
    const transport = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n'
    if (method !== 'DESCRIBE') return `RTSP/1.0 200 OK\r\nSession: 1\r\n${transport}\r\n`
    const about = `Content-Base: ${url}/\r\nContent-Type: application/sdp\r\nContent-Length: ${picture.sdp.length}`
    return `RTSP/1.0 200 OK\r\n${about}\r\n\r\n${picture.sdp}`
  }

  server.on(server.listenerCount('tlsClientError') ? 'secureConnection' : 'connection', (socket: Socket) => {
    let unread = ''
    socket.on('error', () => {})
    socket.on('close', () => watching.delete(socket))
    socket.on('data', (bytes) => {
      const requests = (unread + bytes.toString('latin1')).split('\r\n\r\n')
      unread = requests.pop() ?? ''
      for (const request of requests) hear(socket, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = { port: 0, ...Object(server.address()) }

  return {
    port,
    asked,
    stop() {
      picture.stop()
      for (const socket of watching) socket.destroy()
      server.close()
    },
  }
}

function interleaved(packet: Buffer): Buffer {
  const header = Buffer.from([36, 0, 0, 0])
  header.writeUInt16BE(packet.length, 2)
  return Buffer.concat([header, packet])
}

/** The password is right for exactly the address that is asked for. */
function isAllowed(request: string): boolean {
  const [method = '', url = ''] = request.split(' ')
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const expected = md5(`${md5('eve:camera:s3cret')}:n0nce:${md5(`${method}:${url}`)}`)
  return request.includes(`uri="${url}"`) && request.includes(`response="${expected}"`)
}

/** A picture by RTP, packet for packet, and what is to be known of it. */
async function startPicture(take: (packet: Buffer) => void) {
  const socket = createSocket('udp4', take).bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '10']
  const source = ['-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25']
  const to = ['-pix_fmt', 'yuv420p', '-flags', '+global_header', '-f', 'rtp']
  const url = `rtp://127.0.0.1:${socket.address().port}?pkt_size=1200`
  const args = ['--pdeathsig', 'KILL', '--', 'ffmpeg', ...source, ...codec, ...to, url]
  const child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [told] = await once(child.stdout, 'data')
  return {
    sdp: String(told)
      .replace(/^SDP:\n/, '')
      .trim()
      .replaceAll('\n', '\r\n')
      .concat('\r\n'),
    stop() {
      child.kill('SIGKILL')
      socket.close()
    },
  }
}
