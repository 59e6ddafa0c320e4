import { readFileSync } from 'node:fs'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import * as z from 'zod'
import { StreamOrderFields } from './stream-order.ts'

export const WantedStream = StreamOrderFields.extend({ asked_at: z.iso.datetime() })
export type WantedStream = z.infer<typeof WantedStream>

export type WantedStreams = ReturnType<typeof wantedStreams>

/** The streams that were asked for, on disk, so that the next process takes them up. Their URLs hold passwords: the file is for its owner alone. */
export function wantedStreams(path: string) {
  const wanted = new Map(readWanted(path).map((stream) => [stream.stream_id, stream]))

  function save() {
    const text = JSON.stringify([...wanted.values()], undefined, 2)
    writeAtomically(path, `${text}\n`, { durable: true, mode: 0o600 })
  }

  return {
    find: (name: string) => wanted.get(name),
    list: () => [...wanted.values()],
    add(stream: WantedStream) {
      wanted.set(stream.stream_id, stream)
      save()
    },
    remove(name: string) {
      if (wanted.delete(name)) save()
    },
  }
}

/** One order that cannot be read does not take the others with it. */
function readWanted(path: string): WantedStream[] {
  try {
    const read = z.array(z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')))
    return read.flatMap((each) => WantedStream.safeParse(each).data ?? [])
  } catch {
    return [] // none were asked for yet
  }
}
