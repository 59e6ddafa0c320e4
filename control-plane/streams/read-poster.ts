import { createHash } from 'node:crypto'
import { Problem } from '@sixcast/shared/contract/problem.ts'

export type Poster = { hash: string; type: string; bytes: Buffer }

export const MOST_POSTER_BYTES = 1024 * 1024

const hasAt = (bytes: Buffer, at: number, text: string) =>
  bytes.toString('latin1', at, at + text.length) === text

/** By their first bytes: what a browser says of a file is what its name ends with. */
const TYPES: Record<string, (bytes: Buffer) => boolean> = {
  'image/jpeg': (bytes) => hasAt(bytes, 0, '\xff\xd8\xff'),
  'image/png': (bytes) => hasAt(bytes, 0, '\x89PNG\r\n\x1a\n'),
  'image/webp': (bytes) => hasAt(bytes, 0, 'RIFF') && hasAt(bytes, 8, 'WEBP'),
}

export function readPoster(bytes: Buffer): Poster {
  if (bytes.length === 0) throw new Problem('bad-request', 'No picture was chosen.')
  const type = Object.keys(TYPES).find((name) => TYPES[name]?.(bytes))
  if (!type) throw new Problem('bad-request', 'A poster is a JPEG, PNG or WebP; this file is none of these.')
  if (bytes.length > MOST_POSTER_BYTES)
    throw new Problem('too-large', `A poster has at most 1 MB; this one has ${megabytes(bytes.length)} MB.`)
  return { hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16), type, bytes }
}

/** Never down to what would be taken. */
const megabytes = (bytes: number) => (Math.ceil((10 * bytes) / MOST_POSTER_BYTES) / 10).toFixed(1)
