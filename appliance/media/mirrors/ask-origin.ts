import { isIP } from 'node:net'
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

/**
 * The CDN endpoint of another node, asked from the address that this one claims: after a renumbering the kernel may go on choosing
 * one that leads nowhere. Either can move: then what is still asked by the old one is given up.
 */
export function askOrigin(first: string, claimed: () => string | undefined = () => undefined) {
  let from = first
  let source = claimed()
  let pool = openPool(from, source)

  function renew() {
    const old = pool
    source = claimed()
    pool = openPool(from, source)
    old.destroy().catch(() => {})
  }

  /** What is claimed may be another address by now. */
  function follow() {
    if (claimed() !== source) renew()
  }

  async function ask(path: string, { mostBytes, etag }: { mostBytes: number; etag?: string | undefined }) {
    follow()
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
    follow,
    moveTo(next: string) {
      if (next === from) return
      from = next
      renew()
    },
    close: () => pool.destroy(),
  }
}

function openPool(from: string, source: string | undefined) {
  const isReached = source !== undefined && isIP(source) === isIP(hostOf(from))
  return new Pool(`http://${from}`, {
    ...(isReached && { localAddress: source }),
    connections: CONNECTIONS,
    connectTimeout: CONNECTED_WITHIN_MS,
    headersTimeout: ANSWERED_WITHIN_MS,
    bodyTimeout: SILENT_MS,
    keepAliveTimeout: 30_000,
  })
}

const hostOf = (from: string) => new URL(`http://${from}`).hostname.replace(/^\[|\]$/g, '')

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
