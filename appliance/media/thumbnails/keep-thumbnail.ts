import { isDiskFull, writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { takePicture } from './split-pictures.ts'

/** Keeps the file at `path` the latest of the pictures that the encoder writes into its pipe. */
export function keepThumbnail(path: string) {
  let rest: Buffer = Buffer.alloc(0)
  return {
    read(chunk: Buffer) {
      const taken = takePicture(Buffer.concat([rest, chunk]))
      rest = taken.rest
      if (taken.picture) keep(taken.picture)
    },
  }

  /** The next one comes in two seconds: no room is made for it. */
  function keep(picture: Buffer) {
    try {
      writeAtomically(path, [picture])
    } catch (error) {
      if (!isDiskFull(error)) throw error
    }
  }
}
