import { open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file, readable by its owner alone. After a power cut the old or the new content is there, never half of one. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.chmod(0o600) // a draft left behind keeps the mode it was made with
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
}

export async function eraseDurably(path: string): Promise<void> {
  await unlink(path)
  await syncFolder(dirname(path))
}

/** Absent when there is no such file; any other trouble is thrown. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** A rename or removal is on the disk only once the folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
