import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import * as z from 'zod'

/** public: on the landing page. unlisted: for whoever has the link. hidden: no viewer is let to it; who watches already goes on. */
export const SHOWN = ['public', 'unlisted', 'hidden'] as const
export type Shown = (typeof SHOWN)[number]

/** What viewers read of a stream, and where it stands among the others. Without a title it is called by its name. */
export const StreamListing = z
  .object({
    title: z.string().trim().max(200),
    description: z.string().trim().max(5000),
    category: z.string().trim().max(60),
    shown: z.enum(SHOWN),
    /** The lower, the earlier. */
    place: z.number().int().min(-1000).max(1000),
  })
  .partial()
/** What is not said stays as it is. */
export type StreamListing = z.infer<typeof StreamListing>

export function readListing(said: StreamListing): StreamListing {
  const { success, data, error } = StreamListing.safeParse(said)
  if (success) return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
  throw new Problem('bad-request', `${issuesSentence(error.issues, 'The listing')}.`)
}

type Listed = { name: string; title: string; category?: string; shown?: Shown; place?: number }

/** Those that stand on the landing page, in their order: by place, then by title. */
export const listed = <Stream extends Listed>(streams: Stream[]): Stream[] =>
  streams
    .filter(({ shown = 'public' }) => shown === 'public')
    .toSorted(
      (one, other) => (one.place ?? 0) - (other.place ?? 0) || one.title.localeCompare(other.title, 'en'),
    )
