import { ProblemBody } from '@sixcast/shared/contract/problem.ts'
import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { Agent, request } from 'undici'

type Asked =
  | { kind: 'told'; verdict: Verdict }
  /** `final`: asking again would not help. */
  | { kind: 'untold'; cause: string; final: boolean }

type Patience = { waitMs: number; everyMs: number }

/** Asks the agent of this node until each step is decided, or for as long as a new node may take. */
export async function awaitVerdict(
  socketPath: string,
  { waitMs, everyMs }: Patience = { waitMs: 60_000, everyMs: 1000 },
): Promise<Asked> {
  const dispatcher = new Agent({ connect: { socketPath } })
  const giveUpAt = performance.now() + waitMs
  try {
    for (;;) {
      const asked = await ask(dispatcher, socketPath)
      const decided = asked.kind === 'told' ? asked.verdict.is !== 'waiting' : asked.final
      if (decided || performance.now() >= giveUpAt) return asked
      await sleep(everyMs)
    }
  } finally {
    await dispatcher.destroy()
  }
}

async function ask(dispatcher: Agent, socketPath: string): Promise<Asked> {
  try {
    const { body } = await request('http://agent/verdict', { dispatcher })
    const answer: unknown = await body.json()
    const verdict = Verdict.safeParse(answer)
    if (verdict.success) return { kind: 'told', verdict: verdict.data }
    const { data: problem } = ProblemBody.safeParse(answer)
    const cause = problem?.message ?? problem?.code ?? 'The agent gives another answer.'
    return { kind: 'untold', cause, final: problem?.code !== 'unavailable' } // a node that is just being enrolled is
  } catch (error) {
    const cause = `No agent answers at ${socketPath} (${describe(error)}). Does it run?`
    return { kind: 'untold', cause, final: true }
  }
}
