import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import { actingAs } from './audit/actor.ts'
import { watchCommands } from './commands/watch-commands.ts'
import { watchConfigurations } from './configuration/watch-configurations.ts'
import type { NodeLimits } from './limits/limit-repository.ts'
import { probeSentence } from './nodes/node-words.ts'
import type { Rooms } from './rooms.ts'

type Dependencies = {
  rooms: Rooms
  /** The node beats at once, and is told. */
  wake: (nodeId: string) => void
  probeNow: (nodeId: string) => Promise<unknown>
  limitsChanged: (nodeId: string, limits: NodeLimits) => Promise<void> | void
  report: (error: unknown) => void
  everyMs?: number
}

export type OrderWatch = ReturnType<typeof watchOrders>

/** Sees what is asked of nodes, whoever saved it, and has the control plane do its own part. */
export function watchOrders({ rooms, wake, probeNow, limitsChanged, report, everyMs = 1000 }: Dependencies) {
  const configurationWatch = watchConfigurations({ ...rooms, changed: wake, limitsChanged, report, everyMs })
  const setDuty = async (nodeId: string, duty: Duty, by: string) => {
    const order = () => rooms.limits.setDuty(nodeId, duty)
    const { version, changes } = await actingAs({ who: by, source: 'command' }, order)
    return changes.length ? `It is so since version ${version} of its configuration.` : 'It was so already.'
  }
  const commandWatch = watchCommands({
    ...rooms,
    changed: wake,
    perform: {
      async probe(nodeId) {
        await probeNow(nodeId)
        return await probeWords(rooms, nodeId)
      },
      drain: async (nodeId, by) => `No new viewers are sent to it. ${await setDuty(nodeId, 'draining', by)}`,
      serve: async (nodeId, by) => `Viewers are sent to it again. ${await setDuty(nodeId, 'serving', by)}`,
    },
    report,
    everyMs,
  })

  return {
    configurationWatch,
    commandWatch,
    stop: () => Promise.all([configurationWatch.stop(), commandWatch.stop()]),
  }
}

async function probeWords({ nodeViews }: Rooms, nodeId: string): Promise<string> {
  const node = await nodeViews.find(nodeId)
  const found = node?.reachable.map((probe) => {
    const sentence = `${probeSentence(probe, node, new Date())}.`
    return probe.cause ? `${sentence} ${probe.cause}` : sentence
  })
  return found?.join(' ') || 'There is nothing to probe: the node claims no public address.'
}
