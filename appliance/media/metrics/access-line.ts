import { StreamName } from '@sixcast/shared/contract/names.ts'
import * as z from 'zod'

/** One answered request of a viewer, as nginx/node-http.conf logs it. */
const LoggedRequest = z
  .object({
    stream: StreamName,
    /** `blocking`: a playlist that was waited for. */
    kind: z.enum([
      'multivariant',
      'playlist',
      'blocking',
      'manifest',
      'thumbnail',
      'record',
      'init',
      'part',
      'segment',
    ]),
    status: z.int().min(100).max(599),
    bytes: z.int().nonnegative(),
    /** From the request's first byte to the answer's last. */
    seconds: z.number().nonnegative(),
    /** Until media began to answer, for each time it was asked: `0.000, 0.321`. Empty for a file. */
    upstream: z.string().max(100),
    /** Address, forwarded address and program. Kept for ten seconds. */
    viewer: z.string().max(300),
  })
  .transform(({ seconds, upstream, ...line }) => ({
    ...line,
    responseSeconds: responseSeconds(line.kind, seconds, upstream),
  }))
export type AccessLine = z.infer<typeof LoggedRequest>

/** A line of nginx. Absent for whatever else stands in a file that others may have written to. */
export function parseAccessLine(line: string): AccessLine | undefined {
  return LoggedRequest.safeParse(parseJson(line)).data
}

/** How long we took. The time a playlist was waited for is not ours; what was sent while it was made has no such time. */
function responseSeconds(kind: string, seconds: number, upstream: string): number | undefined {
  if (upstream === '') return seconds
  if (kind !== 'blocking') return undefined
  const waited = upstream.split(/[,:] /).reduce((sum, each) => sum + (Number(each) || 0), 0)
  return Math.max(0, seconds - waited)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
