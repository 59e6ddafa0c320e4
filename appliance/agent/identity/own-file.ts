import { readFile } from 'node:fs/promises'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'

/** Replaces a file of this node's identity, readable by its owner alone. After a power cut the old or the new content is there. */
export const writeOwnFile = (path: string, text: string) =>
  writeAtomically(path, text, { durable: true, mode: 0o600 })

/** Absent when there is no such file; any other trouble is thrown. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
