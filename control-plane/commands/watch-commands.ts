import { describe } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { CommandRepository, CommandRow } from './command-repository.ts'
import { isForNode } from './commands.ts'

export type CommandWatch = ReturnType<typeof watchCommands>
type CloudCommand = 'probe' | 'drain' | 'serve'

type Dependencies = {
  commandRows: Pick<CommandRepository, 'listUnbegun' | 'begin' | 'settle' | 'giveUp'>
  /** A command waits for this node. */
  changed: (nodeId: string) => void
  /** What the control plane does itself; the outcome in words. */
  perform: Record<CloudCommand, (nodeId: string, by: string) => Promise<string>>
  report: (error: unknown) => void
  everyMs?: number
  now?: () => Date
}

const GIVEN_UP = {
  unbegun: 'The node has not come for it in time. It was not begun.',
  unended: 'The node has begun, and not told in time what came of it.',
}

/** Sees every second what was asked of nodes, by whomever, and that it comes to an end. */
export function watchCommands({
  commandRows,
  changed,
  perform,
  report,
  everyMs = 1000,
  now = () => new Date(),
}: Dependencies) {
  const stopping = new AbortController()
  let waiting = new Map<string, string>()

  async function look() {
    await commandRows.giveUp(now(), GIVEN_UP)
    const rows = await commandRows.listUnbegun(now())
    for (const row of rows) if (!isForNode(row.name)) void carryOut(row).catch(report)
    const next = new Map<string, string>()
    for (const { node_id, id } of rows.filter((row) => isForNode(row.name))) next.set(node_id, id)
    for (const [nodeId, id] of next) if (waiting.get(nodeId) !== id) changed(nodeId)
    waiting = next
  }

  /** Several processes may see the same: only one begins. */
  async function carryOut({ id, node_id, name, asked_by }: CommandRow) {
    if (!(await commandRows.begin(id, now()))) return
    const settled = await perform[name as CloudCommand](node_id, asked_by).then(
      (outcome) => ({ state: 'done' as const, outcome: outcome.slice(0, 1000) }),
      (error: unknown) => ({ state: 'failed' as const, outcome: describe(error).slice(0, 1000) }),
    )
    await commandRows.settle(id, { ...settled, settled_at: now() })
  }

  const looking = repeat(everyMs, look, stopping.signal, report)

  return {
    /** Whether something waits for a node, to be told with its heartbeat's answer. */
    waitsFor: (nodeId: string) => waiting.has(nodeId),
    lookNow: look,
    async stop() {
      stopping.abort()
      await looking
    },
  }
}
