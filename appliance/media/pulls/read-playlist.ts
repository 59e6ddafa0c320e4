/** Two days in segments of two seconds. */
const MOST_BYTES = 8 << 20
/** Of HLS and DASH. White space is also the mark of byte order. */
const BEGINNING = /^\s*(?:#EXTM3U|<\?xml|<!--|<MPD)/i
const BEGINNING_BYTES = 100

/**
 * The text of an answer that names other files; of any other, its bytes as they come. Like ffmpeg it goes by the first bytes,
 * whatever range or piece they come in: a list that passes here unread would lead past the door.
 */
export async function readPlaylist(answer: AsyncIterable<Buffer>): Promise<string | AsyncIterable<Buffer>> {
  const chunks: AsyncIterator<Buffer> = answer[Symbol.asyncIterator]()
  const first = await beginningOf(chunks)
  const body = allOf(first, chunks)
  return BEGINNING.test(first.toString('utf8', 0, BEGINNING_BYTES)) ? textOf(body) : body
}

/**
 * A playlist that names no bare socket: ffmpeg's HLS opens what it lists as variants by any protocol it may use, and it must be
 * let use `tcp` for HTTP itself. With %3A it is the name of a file beside the playlist. In quotes, ffmpeg passes over a backslash.
 */
export function withoutSockets(text: string): string {
  return text.replace(/(t\\?c\\?p\\?):/g, '$1%3A')
}

async function beginningOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0)
  while (first.length < BEGINNING_BYTES) {
    const { value, done } = await chunks.next()
    if (done) break
    first = Buffer.concat([first, value])
  }
  return first
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
