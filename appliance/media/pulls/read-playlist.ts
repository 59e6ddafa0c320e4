import type { IncomingMessage } from 'node:http'

/** Two days in segments of two seconds. */
const MOST_BYTES = 8 << 20
/** Of HLS and DASH. White space is also the mark of byte order. */
const BEGINNING = /^\s*(?:#EXTM3U|<\?xml|<!--|<MPD)/i

/** The text of an answer that names other files; of any other, its bytes as they come. */
export async function readPlaylist(answer: IncomingMessage): Promise<string | AsyncIterable<Buffer>> {
  const chunks: AsyncIterator<Buffer> = answer[Symbol.asyncIterator]()
  const { value: first = Buffer.alloc(0) } = await chunks.next()
  const isPlaylist = isWhole(answer) && BEGINNING.test(first.toString('utf8', 0, 100))
  const body = allOf(first, chunks)
  return isPlaylist ? textOf(body) : body
}

/** Whole from its beginning on, and as it is. */
function isWhole({ statusCode, headers }: IncomingMessage): boolean {
  const [from, coding] = [headers['content-range'] ?? 'bytes 0-', headers['content-encoding'] ?? 'identity']
  return (statusCode === 200 || statusCode === 206) && from.startsWith('bytes 0-') && coding === 'identity'
}

async function* allOf(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Error('no playlist is so long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
