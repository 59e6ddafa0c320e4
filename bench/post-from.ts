import { connect } from 'node:net'

type Post = {
  /** The address that the request comes from. */
  from: string
  to: { hostname: string; port: number }
  path: string
  headers: Record<string, string>
  body: string
  timeoutMs: number
}

/** An agent's connection is let go by it so long after its last answer. */
const KEPT_MS = 4000

/** One POST over a connection of its own, as an agent makes it every half minute; by hand, so that the simulator is not what is measured. */
export function postFrom({ from, to, path, headers, body, timeoutMs }: Post) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const socket = connect({ host: to.hostname, port: to.port, localAddress: from, noDelay: true })
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${to.hostname}:${to.port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  let answer = ''
  socket.setEncoding('latin1')
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')))
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('the connection was closed')))
  socket.on('data', (chunk) => {
    answer += chunk
    const whole = wholeAnswer(answer)
    if (!whole) return
    resolve(whole)
    socket.setTimeout(KEPT_MS, () => socket.end())
  })
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return promise
}

/** Absent while something of it is still to come. */
export function wholeAnswer(text: string): { status: number; body: string } | undefined {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const [, status = ''] = /^HTTP\/1\.1 (\d{3})/.exec(head) ?? []
  const [, length = ''] = /^content-length: (\d+)/im.exec(head) ?? []
  if (rest.length === 0 || status === '' || length === '' || body.length < Number(length)) return undefined
  return { status: Number(status), body }
}
