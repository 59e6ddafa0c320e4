import { NodeSettings } from '@sixcast/shared/contract/configuration.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'

/** For tests: one version that was taken back, and one command that is done, with what a node may say of itself. */
export function fakeOrders(
  done: unknown[],
  ago: (seconds: number) => Date,
): Pick<ConsoleDependencies, 'configurations' | 'commands' | 'audit'> {
  const now = ago(0)
  const hostile = '<script>alert(1)</script>'
  const report = { state: 'returned', inForce: 0, at: ago(5), cause: hostile } as const
  const steps = [{ setting: hostile, outcome: 'rejected' as const, why: hostile }]
  const version = { version: 1, settings: { mostViewers: 5 }, changes: ['mostViewers: not set → 5'] }
  const made = async () => ({ version: 2, changes: [] })
  return {
    configurations: {
      read: async (nodeId) => ({
        ...{ nodeId, version: 1, settings: version.settings, inForce: 0 },
        history: [{ ...version, madeAt: ago(60), madeBy: 'ann', report: { ...report, steps } }],
      }),
      async save(id, order, by) {
        if (order.basedOn !== 1) throw new Problem('edited-meanwhile', 'Somebody was quicker.')
        checkSettings(order.settings)
        done.push(['configure', id, order.settings, by])
        return made()
      },
      async rollBack(...given) {
        done.push(['roll back', ...given])
        return made()
      },
    },
    commands: {
      async ask(...given) {
        done.push(['command', ...given])
        return { id: 'abcdef012345' }
      },
      list: async () => [
        {
          ...{ id: 'abcdef012345', name: 'diagnostics', state: 'done' as const, outcome: hostile },
          ...{ askedAt: ago(9), askedBy: 'ann', expiresAt: now, hasDiagnostics: true },
        },
      ],
    },
    audit: {
      read: async () => ({
        entries: [
          {
            ...{ number: 7, at: ago(9), who: hostile, source: '192.0.2.7', deed: 'log in' },
            ...{ subject: 'operator admin', outcome: hostile, hash: 'x' },
          },
        ],
        next: 7,
      }),
    },
  }
}

/** As the room itself says it. */
function checkSettings(settings: unknown) {
  const { error } = NodeSettings.safeParse(settings)
  if (error) throw new Problem('bad-request', issuesSentence(error.issues, 'The configuration'))
}
