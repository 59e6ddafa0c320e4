import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { Agent, request } from 'undici'
import type * as z from 'zod'

type Asked<Body> =
  | { kind: 'told'; body: Body }
  /** `final`: asking again would not help. */
  | { kind: 'untold'; cause: string; final: boolean }

type Patience = { waitMs?: number; everyMs?: number }
type Awaited = { kind: 'told'; verdict: Verdict } | { kind: 'untold'; cause: string; final: boolean }

/**
 * Asks the agent of this node until each step is decided, or for as long as a new node may take. As soon as there is a verdict at
 * all, `linked` is told where it is read on a phone, unless the control plane makes no links.
 */
export async function awaitVerdict(
  socketPath: string,
  { waitMs = 60_000, everyMs = 1000 }: Patience = {},
  linked?: (link: VerdictLink) => void,
): Promise<Awaited> {
  const dispatcher = new Agent({ connect: { socketPath } })
  const from = { dispatcher, socketPath }
  const giveUpAt = performance.now() + waitMs
  let isLinked = linked === undefined
  try {
    for (;;) {
      const asked = await ask('/verdict', Verdict, from)
      if (asked.kind === 'told' && !isLinked) {
        isLinked = true
        const link = await ask('/verdict/link', VerdictLink, from)
        if (link.kind === 'told') linked?.(link.body)
      }
      const decided = asked.kind === 'told' ? asked.body.is !== 'waiting' : asked.final
      if (decided || performance.now() >= giveUpAt)
        return asked.kind === 'told' ? { kind: 'told', verdict: asked.body } : asked
      await sleep(everyMs)
    }
  } finally {
    await dispatcher.destroy()
  }
}

type From = { dispatcher: Agent; socketPath: string }

async function ask<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { dispatcher, socketPath }: From,
): Promise<Asked<z.infer<Schema>>> {
  try {
    const { body } = await request(`http://agent${path}`, { dispatcher })
    const answer: unknown = await body.json()
    const told = schema.safeParse(answer)
    if (told.success) return { kind: 'told', body: told.data }
    const { data: problem } = ProblemBody.safeParse(answer)
    const cause = problem?.message ?? problem?.code ?? 'The agent gives another answer.'
    return { kind: 'untold', cause, final: problem?.code !== 'unavailable' } // a node that is just being enrolled is
  } catch (error) {
    const cause = `No agent answers at ${socketPath} (${describe(error)}). Does it run?`
    return { kind: 'untold', cause, final: true }
  }
}
