import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { ChosenMirrors, MirrorRule } from './mirror-choice.ts'
import type { MirrorChoiceRepository } from './mirror-choice-repository.ts'
import type { MirrorFactRepository } from './mirror-fact-repository.ts'
import type { MirrorOrderRepository } from './mirror-order-repository.ts'
import { type MirrorBoard, type StreamMirrors, streamMirrors } from './stream-mirrors.ts'

export type MirrorDesk = ReturnType<typeof mirrorDesk>

type Dependencies = {
  mirrorChoices: MirrorChoiceRepository
  mirrorFacts: MirrorFactRepository
  mirrorOrders: Pick<MirrorOrderRepository, 'list'>
  now?: () => Date
}

/** So long after its last word a stream is shown with who had it. */
const SILENT_MS = 60_000

/** What operators are told of mirrors, and what they choose. */
export function mirrorDesk({
  mirrorChoices,
  mirrorFacts,
  mirrorOrders,
  now = () => new Date(),
}: Dependencies) {
  async function read(): Promise<MirrorBoard> {
    const at = now()
    const [choices, reports, orders, nodes] = await Promise.all([
      mirrorChoices.read(),
      mirrorFacts.listReports(new Date(at.getTime() - SILENT_MS)),
      mirrorOrders.list(),
      mirrorFacts.listNodes(at),
    ])
    return { choices, reports, orders, nodes, at }
  }

  async function mustExist(stream: string) {
    if (!(await mirrorChoices.hasStream(stream)))
      throw new Problem('unknown-stream', `There is no stream ${stream}.`)
  }

  /** A node that is named must be able to copy some day; whether it can now is told, not refused. */
  async function mustBeOthers(stream: string, nodes: string[]) {
    const board = await read()
    const { holders } = streamMirrors(board)(stream)
    for (const id of nodes) {
      const node = board.nodes.find((each) => each.id === id)
      if (!node) throw new Problem('bad-request', `nodes: the fleet has no node ${id}.`)
      if (holders.some((holder) => holder.role === 'origin' && holder.node.id === id))
        throw new Problem('bad-request', `nodes: ${stream} is published to ${node.name} itself; name others.`)
    }
  }

  return {
    /** Of every stream, at this moment. */
    read: async (): Promise<(stream: string) => StreamMirrors> => streamMirrors(await read()),

    async find(stream: string): Promise<StreamMirrors> {
      await mustExist(stream)
      return streamMirrors(await read())(stream)
    },

    async choose(stream: string, chosen: ChosenMirrors): Promise<void> {
      await mustExist(stream)
      if (chosen === 'rule') return void (await mirrorChoices.remove(stream))
      if ('nodes' in chosen) await mustBeOthers(stream, chosen.nodes)
      await mirrorChoices.save(stream, chosen)
    },

    readRule: async (): Promise<MirrorRule> => (await mirrorChoices.read()).rule,

    async setRule({ copies }: MirrorRule): Promise<void> {
      await mirrorChoices.saveRule(copies)
    },
  }
}
