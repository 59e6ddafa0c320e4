import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import * as z from 'zod'
import { StreamOrderFields } from './stream-order.ts'

export const WantedStream = StreamOrderFields.extend({ asked_at: z.iso.datetime() })
export type WantedStream = z.infer<typeof WantedStream>

export type WantedStreams = ReturnType<typeof wantedStreams>

/** The streams that were asked for, on disk, so that the next process takes them up. Their URLs hold passwords: the file is for its owner alone. */
export function wantedStreams(path: string, log: Log) {
  const wanted = new Map(readWanted(path, log).map((stream) => [stream.stream_id, stream]))

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

/** One order that cannot be read does not take the others with it, and is kept aside for who can make something of it. */
function readWanted(path: string, log: Log): WantedStream[] {
  if (!existsSync(path)) return [] // none were asked for yet
  const orders = ordersIn(path)
  const wanted = orders?.flatMap((each) => WantedStream.safeParse(each).data ?? []) ?? []
  if (wanted.length !== orders?.length) {
    const aside = `${path}.unreadable`
    copyFileSync(path, aside) // with its mode
    // Not what is wrong with it: that would quote passwords.
    log.warn('orders of streams cannot be read and are put aside', { aside, read: wanted.length })
  }
  return wanted
}

function ordersIn(path: string): unknown[] | undefined {
  try {
    return z.array(z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}
