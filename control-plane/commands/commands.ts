import { randomBytes } from 'node:crypto'
import type { CommandReport, Diagnostics } from '@sixcast/shared/contract/node-command.ts'
import { UNITS } from '@sixcast/shared/contract/node-command.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { NodeRepository } from '../nodes/node-repository.ts'
import type { CommandRepository, CommandRow } from './command-repository.ts'
import type { DiagnosticsRepository } from './diagnostics-repository.ts'

export type Commands = ReturnType<typeof commands>
export type CommandName = keyof typeof COMMANDS

type Dependencies = {
  commandRows: CommandRepository
  diagnostics: DiagnosticsRepository
  nodes: Pick<NodeRepository, 'find'>
  now?: () => Date
}

/** What can be asked of a node, who does it, and how long that may take. */
export const COMMANDS = {
  restart: { by: 'node', seconds: 60 },
  identify: { by: 'node', seconds: 30 },
  diagnostics: { by: 'node', seconds: 120 },
  probe: { by: 'cloud', seconds: 60 },
  drain: { by: 'cloud', seconds: 30 },
  serve: { by: 'cloud', seconds: 30 },
} as const

/** A node that is away for longer must not do when it is back what was meant for then. */
const EXPIRES_MS = 5 * 60_000
const MOST_OPEN = 20
const SHOWN = 30

/** What operators tell nodes to do. */
export function commands({ commandRows, diagnostics, nodes, now = () => new Date() }: Dependencies) {
  async function find(nodeId: string, id: string) {
    const row = await commandRows.find(nodeId, id)
    if (!row) throw new Problem('not-found', 'There is no such command.')
    return row
  }

  return {
    async ask(
      nodeId: string,
      order: { name: string; unit?: string | undefined },
      by: string,
    ): Promise<{ id: string }> {
      const { name, unit } = checked(order)
      const node = await nodes.find(nodeId)
      if (!node) throw new Problem('unknown-node', 'This fleet has enrolled no such node.')
      if (node.revokedAt)
        throw new Problem('node-revoked', 'This node is revoked: nothing is said to it any more.')
      if ((await commandRows.countOpen(nodeId)) >= MOST_OPEN)
        throw new Problem('busy', `${MOST_OPEN} commands wait for this node already.`)
      const [id, at] = [randomBytes(6).toString('hex'), now()]
      await commandRows.add({
        ...{ id, node_id: nodeId, name, unit: unit ?? null, state: 'asked', outcome: null },
        ...{ asked_at: at, asked_by: by.slice(0, 50), expires_at: new Date(at.getTime() + EXPIRES_MS) },
        ...{ timeout_seconds: COMMANDS[name].seconds, begun_at: null, settled_at: null },
      })
      return { id }
    },

    async list(nodeId: string): Promise<CommandView[]> {
      const rows = await commandRows.list(nodeId, SHOWN)
      const bundles = new Set(await diagnostics.among(rows.map(({ id }) => id)))
      return rows.map((row) => commandView(row, bundles.has(row.id)))
    },

    read: async (nodeId: string, id: string) => commandView(await find(nodeId, id), false),

    /** For the node itself: what it is to begin now. */
    async fetch(nodeId: string) {
      const rows = await commandRows.fetch(nodeId, now())
      const own = rows.filter(({ name }) => isForNode(name))
      return own.slice(0, MOST_OPEN).map(({ id, name, unit, timeout_seconds }) => ({
        ...{ id, name, timeoutSeconds: timeout_seconds },
        ...(unit !== null && { unit }),
      }))
    },

    /** A node speaks of a command of its own; what came of it, if this word has ended it. What is over is over: a late word changes nothing. */
    async heard(nodeId: string, id: string, { state, outcome }: CommandReport): Promise<string | undefined> {
      const { name } = await find(nodeId, id)
      if (!isForNode(name)) throw new Problem('not-found', 'This command is not the node’s.')
      if (state === 'acknowledged') {
        await commandRows.begin(id, now())
        return undefined
      }
      const isEnded = await commandRows.settle(id, { state, outcome: outcome ?? null, settled_at: now() })
      return isEnded ? [name, state, outcome].filter(Boolean).join(' ') : undefined
    },

    /** Only what was asked for is kept, and only while it is waited for. */
    async takeDiagnostics(nodeId: string, id: string, bundle: Diagnostics) {
      const row = await find(nodeId, id)
      if (row.name !== 'diagnostics' || row.settled_at)
        throw new Problem('not-found', 'Nobody waits for this.')
      await diagnostics.save(
        id,
        bundle.sections.map(({ name, text }) => `===== ${name} =====\n${text}\n`).join('\n'),
        now(),
      )
    },

    async readDiagnostics(nodeId: string, id: string): Promise<string> {
      await find(nodeId, id)
      const kept = await diagnostics.find(id)
      if (!kept) throw new Problem('not-found', 'There are no diagnostics of this command, or not any more.')
      return kept.text
    },
  }
}

export type CommandView = {
  id: string
  name: string
  unit?: string
  state: CommandRow['state']
  outcome?: string
  askedAt: Date
  askedBy: string
  expiresAt: Date
  settledAt?: Date
  hasDiagnostics: boolean
}

const commandView = (row: CommandRow, hasDiagnostics: boolean): CommandView => ({
  id: row.id,
  name: row.name,
  ...(row.unit !== null && { unit: row.unit }),
  state: row.state,
  ...(row.outcome !== null && { outcome: row.outcome }),
  askedAt: row.asked_at,
  askedBy: row.asked_by,
  expiresAt: row.expires_at,
  ...(row.settled_at && { settledAt: row.settled_at }),
  hasDiagnostics,
})

function checked({ name, unit }: { name: string; unit?: string | undefined }) {
  const names = new Intl.ListFormat('en-GB', { type: 'disjunction' })
  if (!isCommand(name))
    throw new Problem('bad-request', `A node takes the command ${names.format(Object.keys(COMMANDS))}.`)
  if (name === 'restart' && !UNITS.some((each) => each === unit))
    throw new Problem('bad-request', `unit: what is restarted is ${names.format(UNITS)}.`)
  if (name !== 'restart' && unit !== undefined) throw new Problem('bad-request', `unit: ${name} takes none.`)
  return { name, unit }
}

/** One of a later release that was taken back is left to the node. */
export const isForNode = (name: string) => !isCommand(name) || COMMANDS[name].by === 'node'

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)
