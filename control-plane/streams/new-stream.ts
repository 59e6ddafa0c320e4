import { StreamName } from '@sixcast/shared/contract/names.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import * as z from 'zod'

/** What an operator says of a stream that is to be, by whichever way. Without a title it is called by its name. */
export const NewStream = z
  .object({
    name: StreamName,
    title: z.string().trim().max(200).default(''),
    description: z.string().trim().max(5000).default(''),
    open: z.boolean().default(false),
  })
  .transform((stream) => ({ ...stream, title: stream.title || stream.name }))
export type NewStream = z.input<typeof NewStream>

export function readNewStream(said: NewStream): z.output<typeof NewStream> {
  const { success, data, error } = NewStream.safeParse(said)
  if (success) return data
  if (error.issues.some(({ path }) => path[0] === 'name'))
    throw new Problem('bad-name', 'A name has letters, digits, - and _, at most 64 of them.')
  throw new Problem('bad-request', `${issuesSentence(error.issues, 'The stream')}.`)
}
