import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { MIRROR } from '@sixcast/shared/contract/mirror-order.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { Pool } from 'undici'

const unpack = promisify(gunzip)

/** What a node answered. `firstMs`: until its answer began. */
export type OriginAnswer = { status: number; body: Buffer; etag: string | undefined; firstMs: number }

/** The other node does not answer, or not as it must; in words. */
export class OriginAway extends Error {}

const CONNECTED_WITHIN_MS = 3000
/** A playlist is held for two seconds at most. */
const ANSWERED_WITHIN_MS = 5000
/** Without another byte. */
const SILENT_MS = 5000
/** For one track after the other: its playlist is waited for while its media comes. */
const CONNECTIONS = 48

export type AskOrigin = ReturnType<typeof askOrigin>

/** The CDN endpoint of another node. It can move: then what is still asked at the old address is given up. */
export function askOrigin(first: string) {
  let from = first
  let pool = openPool(from)

  async function ask(path: string, { mostBytes, etag }: { mostBytes: number; etag?: string | undefined }) {
    const askedAt = performance.now()
    const { statusCode, headers, body } = await pool.request({
      path,
      method: 'GET',
      headers: {
        'user-agent': MIRROR,
        'accept-encoding': 'gzip',
        ...(etag && { 'if-none-match': etag }),
      },
    })
    const firstMs = performance.now() - askedAt
    const bytes = await readAll(body, mostBytes)
    const isPacked = headers['content-encoding'] === 'gzip'
    return {
      status: statusCode,
      body: isPacked ? await unpack(bytes, { maxOutputLength: mostBytes }) : bytes,
      etag: typeof headers.etag === 'string' ? headers.etag : undefined,
      firstMs,
    }
  }

  return {
    from: () => from,
    /** What it answers to GET; redirects are not followed. */
    get: (path: string, options: { mostBytes: number; etag?: string | undefined }): Promise<OriginAnswer> =>
      ask(path, options).catch((cause: unknown) => {
        throw new OriginAway(describe(cause), { cause })
      }),
    moveTo(next: string) {
      if (next === from) return
      from = next
      const old = pool
      pool = openPool(from)
      old.destroy().catch(() => {})
    },
    close: () => pool.destroy(),
  }
}

function openPool(from: string) {
  return new Pool(`http://${from}`, {
    connections: CONNECTIONS,
    connectTimeout: CONNECTED_WITHIN_MS,
    headersTimeout: ANSWERED_WITHIN_MS,
    bodyTimeout: SILENT_MS,
    keepAliveTimeout: 30_000,
  })
}

async function readAll(
  body: AsyncIterable<Buffer> & { destroy: () => void },
  mostBytes: number,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > mostBytes) {
      body.destroy()
      throw new Error(`its answer is larger than ${mostBytes} bytes`)
    }
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
