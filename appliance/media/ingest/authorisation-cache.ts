import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import * as z from 'zod'

const Remembered = z.object({ open: z.boolean(), keyHashes: z.array(z.string()) })
type Remembered = z.infer<typeof Remembered>

/** A stream has a few keys; one that was not used for so many others may be asked for again. */
const MOST_KEYS = 20

export type AuthorisationCache = ReturnType<typeof authorisationCache>

/**
 * Who was allowed to publish when the control plane last said so, on disk, so that a known encoder is not locked out
 * while the cloud is away. Keys are long and random, so their plain SHA-256 gives nothing away.
 */
export function authorisationCache(path: string) {
  const streams = new Map<string, Remembered>(readRemembered(path))
  const recall = (name: string) => streams.get(name) ?? { open: false, keyHashes: [] }

  function remember(name: string, remembered: Remembered) {
    if (JSON.stringify(remembered) === JSON.stringify(recall(name))) return // a card is not written without need
    if (remembered.open || remembered.keyHashes.length) streams.set(name, remembered)
    else streams.delete(name)
    writeAtomically(path, JSON.stringify(Object.fromEntries(streams)), { durable: true })
  }

  return {
    knows: (name: string, key: string) => recall(name).open || recall(name).keyHashes.includes(hash(key)),

    allow(name: string, key: string, open: boolean) {
      const others = recall(name).keyHashes.filter((known) => known !== hash(key))
      const keyHashes = open || !key ? others : [...others, hash(key)].slice(-MOST_KEYS)
      remember(name, { open, keyHashes })
    },

    /** A refused key is no key. A stream is no longer open when it refuses somebody who has none. */
    forget(name: string, key: string) {
      remember(name, {
        open: recall(name).open && key !== '',
        keyHashes: recall(name).keyHashes.filter((known) => known !== hash(key)),
      })
    },
  }
}

function hash(key: string) {
  return createHash('sha256').update(key).digest('hex')
}

/** No file, or one that nobody can read any more, is an empty cache: the control plane is asked again. */
function readRemembered(path: string): [string, Remembered][] {
  try {
    const read = z.record(z.string(), Remembered).safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return Object.entries(read.data ?? {})
  } catch {
    return []
  }
}
