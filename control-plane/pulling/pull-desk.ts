import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import { FLEET, type PullRepository } from './pull-repository.ts'
import { NO_PULL, PullRule } from './pull-rule.ts'

export type PullDesk = ReturnType<typeof pullDesk>

/** What operators set and see of the pulling. */
export const pullDesk = ({ pulls }: { pulls: PullRepository }) => ({
  /** The fleet's rule, who has another one, and of whom nothing can be had. */
  async read() {
    const [rules, troubles] = await Promise.all([pulls.rules(), pulls.troubles()])
    const fleet = rules.get(FLEET) ?? NO_PULL
    rules.delete(FLEET)
    return { fleet, own: rules, troubles }
  },

  async setFleetRule(rule: unknown): Promise<void> {
    const { address: _, ...parsed } = readRule(rule)
    await pulls.save(FLEET, parsed)
  },

  /** Undefined: as the fleet. */
  async setRule(nodeId: string, rule: unknown): Promise<void> {
    if (rule === undefined) await pulls.remove(nodeId)
    else await pulls.save(nodeId, readRule(rule))
  },
})

function readRule(rule: unknown): PullRule {
  const { data, error } = PullRule.safeParse(rule)
  if (error) throw new Problem('bad-request', issuesSentence(error.issues, 'The rule'))
  return data
}
