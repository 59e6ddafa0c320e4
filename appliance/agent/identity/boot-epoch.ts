import { join } from 'node:path'
import { readIfThere, writeDurably } from './durable-file.ts'

export type BootEpoch = Awaited<ReturnType<typeof openBootEpoch>>

/**
 * The epoch every start of the agent raises by one, so that request numbers may begin anew. It is on the disk before it is used.
 * A lost or spoilt file starts from one again: the control plane then says which epoch it knows.
 */
export async function openBootEpoch(folder: string) {
  const path = join(folder, 'boot-epoch')
  const stored = Number(await readIfThere(path))
  const epoch = (Number.isSafeInteger(stored) && stored > 0 ? stored : 0) + 1
  const save = (next: number) => writeDurably(path, `${next}\n`)
  await save(epoch)
  return { epoch, save }
}
