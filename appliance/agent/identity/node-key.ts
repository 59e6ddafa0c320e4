import { join } from 'node:path'
import {
  createKeyPair,
  type KeyPair,
  privateKeyPem,
  readKeyPair,
} from '@sixcast/shared/contract/identity-key.ts'
import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import { readIfThere, writeOwnFile } from './own-file.ts'

/** This node's key: made here at the first start, and never sent anywhere. */
export async function openNodeKey(folder: string, claimFile: string): Promise<KeyPair> {
  const path = join(folder, 'node.key')
  const pem = await readIfThere(path)
  if (pem === undefined) return makeKey(path)
  try {
    return readKeyPair(pem)
  } catch {
    // Making another in its place would turn the node into a stranger without a word.
    throw new CannotStart(
      `${path} is not a key. Restore it from a copy, or remove it and put a new claim (npm run claim makes one) into ${claimFile} to enrol as a new node.`,
    )
  }
}

function makeKey(path: string): KeyPair {
  const keys = createKeyPair()
  writeOwnFile(path, privateKeyPem(keys))
  return keys
}
