import { request } from 'node:http'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'

type Fetch = {
  host: string
  port: number
  path: string
  /** Told when somebody has taken the connection. */
  connected: () => void
}

const TIMEOUT_MS = 3000
const MOST_BYTES = 4096

/**
 * One GET over a connection of its own: one that was opened before the router's rules changed would still pass. By Node's own client,
 * since a pool that is made and thrown away for each probe takes five times the processor, and a large fleet is probed all the time.
 */
export function fetchOnce({ host, port, path, connected }: Fetch) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const asked = request({ host, port, path, agent: false })
  const over = new AbortController()
  void sleep(TIMEOUT_MS, over.signal).then(() => {
    reject(new TimeoutError('no answer in time')) // its own words for the end of the connection say less
    asked.destroy()
  })
  asked.on('close', () => over.abort('over')) // without a word of ours it would make an exception, with its stack
  asked.on('socket', (socket) => socket.once('connect', connected))
  asked.on('error', reject)
  asked.on('response', (answer) => {
    let text = ''
    answer.setEncoding('utf8')
    answer.on('data', (chunk) => {
      text += chunk
      if (text.length > MOST_BYTES) answer.destroy(new Error(`an answer of more than ${MOST_BYTES} bytes`))
    })
    answer.on('error', reject)
    answer.on('end', () => {
      asked.destroy() // whoever keeps the connection open takes none of ours
      resolve({ status: answer.statusCode ?? 0, text })
    })
  })
  asked.end()
  return promise
}

class TimeoutError extends Error {
  override name = 'TimeoutError'
}
