import type { CommandReport, CommandsReply, NodeCommand } from '@sixcast/shared/contract/node-command.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Answer } from '../requests/answer.ts'
import type { commandFile, KnownCommand } from './command-file.ts'

/** How a command is done; what it says at its end. It throws in words when it cannot be done. */
export type Deed = (command: NodeCommand, signal: AbortSignal) => Promise<string>

type Dependencies = {
  file: ReturnType<typeof commandFile>
  cloud: {
    fetch: () => Promise<Answer<CommandsReply>>
    report: (id: string, report: CommandReport) => Promise<Answer<unknown>>
  }
  deeds: Record<string, Deed>
  report: (error: unknown) => void
  log: Log
}

/** Does what the fleet tells this node to do: each thing once, and with an outcome, whatever happens in between. */
export function doCommands({ file, cloud, deeds, report, log }: Dependencies) {
  let busy = false
  for (const entry of file.all())
    if (!entry.report) file.keep({ ...entry, report: broughtToEnd(entry.command), told: false })

  async function round(waiting: boolean) {
    for (const entry of file.all()) if (entry.report && !entry.told) await tell(entry)
    const answer = waiting ? await cloud.fetch() : undefined
    if (answer?.kind !== 'accepted') return
    for (const command of answer.body.commands) if (!file.find(command.id)) await begin(command)
  }

  /** On the disk first: should the agent die now, it will not begin anew. */
  async function begin(command: NodeCommand) {
    file.keep({ command, told: false })
    await cloud.report(command.id, { state: 'acknowledged' })
    log.info('a command is begun', {
      command: [command.name, command.unit ?? ''].join(' ').trim(),
      id: command.id,
    })
    const entry = { command, report: await carryOut(command), told: false }
    file.keep(entry)
    log.info('a command has ended', { id: command.id, ...entry.report })
    await tell(entry)
  }

  async function carryOut(command: NodeCommand): Promise<CommandReport> {
    const deed = Object.hasOwn(deeds, command.name) ? deeds[command.name] : undefined
    if (!deed)
      return { state: 'unsupported', outcome: `This node’s release knows no command ${command.name}.` }
    const patience = new AbortController()
    const over = sleep(command.timeoutSeconds * 1000, patience.signal).then(() => {
      throw new Error(`It did not end within ${command.timeoutSeconds} seconds.`)
    })
    try {
      return {
        state: 'done',
        outcome: (await Promise.race([deed(command, patience.signal), over])).slice(0, 1000),
      }
    } catch (error) {
      return { state: 'failed', outcome: describe(error).slice(0, 1000) }
    } finally {
      over.catch(() => {})
      patience.abort()
    }
  }

  async function tell(entry: KnownCommand) {
    if (!entry.report) return
    const answer = await cloud.report(entry.command.id, entry.report)
    if (answer.kind !== 'away') file.keep({ ...entry, told: true })
  }

  return {
    /** After each accepted heartbeat, with whether something waits. */
    heard(waiting: boolean) {
      if (busy) return
      busy = true
      void round(waiting)
        .catch(report)
        .finally(() => {
          busy = false
        })
    },
  }
}

/** What a command has come to that was begun in an earlier life of the agent. */
function broughtToEnd({ name, unit }: NodeCommand): CommandReport {
  if (name === 'restart' && unit === 'agent') return { state: 'done', outcome: 'The agent has started anew.' }
  return {
    state: 'failed',
    outcome:
      'The agent was restarted in the middle of it: whether it was done is not known. It is not begun again.',
  }
}
