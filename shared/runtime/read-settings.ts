import type * as z from 'zod'
import { CannotStart } from './cannot-start.ts'
import { issuesSentence } from './issues-sentence.ts'

/** What a process is told by its environment. A setting without a value, as unit files like to have them, is none. */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
): z.infer<Schema> {
  const given = Object.entries(env).filter(([, value]) => value !== '')
  const result = schema.safeParse(Object.fromEntries(given))
  if (!result.success) {
    const { issues } = result.error
    const sentence = issuesSentence(issues, 'The environment', issues.length)
    throw new CannotStart(`${issues.length === 1 ? 'A setting is' : 'Settings are'} wrong: ${sentence}.`)
  }
  return result.data
}
