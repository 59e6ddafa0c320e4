import { join } from 'node:path'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { readIfThere, writeOwnFile } from './own-file.ts'

/**
 * The epoch every start of the agent raises by one, so that request numbers may begin anew. It is on the disk before it is used.
 * A lost, spoilt or unwritable file stops nobody: the control plane then says that the epoch lies behind or its numbers are used.
 */
export async function openBootEpoch(folder: string, log: Log) {
  const path = join(folder, 'boot-epoch')
  const stored = Number(await readIfThere(path))
  const epoch = (Number.isSafeInteger(stored) && stored > 0 ? stored : 0) + 1

  function save(next: number) {
    try {
      writeOwnFile(path, `${next}\n`)
    } catch (error) {
      log.warn('the boot epoch cannot be kept', { path, cause: describe(error) })
    }
  }

  save(epoch)
  return { epoch, save }
}
