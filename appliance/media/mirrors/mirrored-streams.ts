import { existsSync, readdirSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { MirrorOrder } from '@sixcast/shared/contract/mirror-order.ts'
import { refusalOfNode } from '../pulls/judge-address.ts'
import { keptMirrors } from './mirror-file.ts'
import { type MirrorDependencies, type MirrorSession, mirrorSession } from './mirror-session.ts'
import { type MirrorPlan, planMirrors } from './plan-mirrors.ts'

type Dependencies = Omit<MirrorDependencies, 'order' | 'isTakenUp' | 'isShown'> & {
  /** Whether this node has a source of its own for the stream: then it is not copied. */
  isOwn: (stream: string) => boolean
}

export type MirroredStreams = ReturnType<typeof mirroredStreams>

/** All that this node copies from others. */
export function mirroredStreams(dependencies: Dependencies) {
  const { liveDirectory, isOwn, noted, log } = dependencies
  const mirrors = new Map<string, MirrorSession>()
  let told = new Set<string>()
  const report = (error: unknown) => log.error('a copy is in trouble', error)
  /** Nothing was ordered yet, and nothing forbidden: what was copied before is. */
  let orders: MirrorOrder[] = keptMirrors(liveDirectory)
  for (const order of orders) if (!isOwn(order.stream)) start(order, true)

  function start(order: MirrorOrder, isTakenUp = false) {
    const mirror = mirrorSession({ ...dependencies, order, isTakenUp, isShown: () => isShown(order) })
    mirrors.set(keyOf(order), mirror)
  }

  /** Several sessions of a stream may be here at once: new viewers are shown what was ordered last, and this node's own before all. */
  function isShown({ stream, session }: MirrorOrder): boolean {
    return !isOwn(stream) && presentOf(stream)?.session === session
  }

  function presentOf(stream: string): MirrorSession | undefined {
    const ofStream = [...mirrors.values()].filter((mirror) => mirror.stream === stream)
    return ofStream.findLast((mirror) => !mirror.isLeaving()) ?? ofStream.at(-1)
  }

  function carryOut() {
    const plan = planMirrors({
      orders,
      present: [...mirrors.values()].map(presentMirror),
      isOwn,
      isForbidden,
    })
    tellRefused(plan.refused)
    for (const order of plan.leave) mirrors.get(keyOf(order))?.leave()
    for (const order of plan.keep) mirrors.get(keyOf(order))?.keep(order)
    for (const order of plan.start) start(order)
  }

  /** Once: the orders are looked at again and again. */
  function tellRefused(refused: MirrorPlan['refused']) {
    const sentences = refused.map(({ order, why }): [string, string] => [
      order.stream,
      `The control plane ordered a copy of it from ${order.from}: ${WHY[why]}`,
    ])
    for (const [stream, sentence] of sentences) if (!told.has(sentence)) noted(stream, sentence, 'copy')
    told = new Set(sentences.map(([, sentence]) => sentence))
  }

  function tick() {
    for (const [key, mirror] of mirrors) {
      mirror.follow()
      mirror.tick()
      const state = mirror.state()
      const isOver = state.name === 'gone' && state.isFinal && orders.some((order) => keyOf(order) === key)
      // What is over stays known as long as it is ordered, or it would be looked for again and again.
      if (mirror.isGone() && !isOver) void forget(key, mirror).catch(report)
    }
    carryOut()
  }

  async function forget(key: string, mirror: MirrorSession) {
    mirrors.delete(key)
    await mirror.remove()
    if (!presentOf(mirror.stream) && !isOwn(mirror.stream)) removeRest(join(liveDirectory, mirror.stream))
  }

  return {
    /** All that is to be copied, as the control plane says it now. */
    take(ordered: MirrorOrder[]) {
      orders = ordered
      carryOut()
    },
    tick,
    list: () =>
      [...new Set([...mirrors.values()].map(({ stream }) => stream))].flatMap(
        (name) => presentOf(name) ?? [],
      ),
    find: presentOf,
    isKnown: (session: string) => [...mirrors.values()].some((mirror) => mirror.session === session),
    liveOf: (stream: string, session: string) => mirrors.get(keyOf({ stream, session }))?.live,
    reports: () => [...mirrors.values()].flatMap((mirror) => mirror.report() ?? []),
    async suspend() {
      await Promise.all([...mirrors.values()].map((mirror) => mirror.suspend()))
    },
  }
}

const keyOf = ({ stream, session }: Pick<MirrorOrder, 'stream' | 'session'>) => `${stream}/${session}`

const presentMirror = (mirror: MirrorSession) => ({
  stream: mirror.stream,
  session: mirror.session,
  from: mirror.from(),
  isLeaving: mirror.isLeaving(),
})

const WHY = {
  own: 'this node has a source of its own for it, and shows that.',
  twice: 'another session of it was ordered too, and a node shows one.',
  address: 'no node is at an address like this.',
}

function isForbidden(from: string): boolean {
  const [, host = '', port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(from) ?? []
  return !isIP(host) || !(Number(port) > 0 && Number(port) < 65_536) || refusalOfNode(host) !== undefined
}

/** What new viewers opened, once no session of the stream is left. */
function removeRest(streamFolder: string) {
  if (!existsSync(streamFolder)) return
  const isEmpty = readdirSync(streamFolder, { withFileTypes: true }).every((entry) => !entry.isDirectory())
  if (isEmpty) rmSync(streamFolder, { recursive: true, force: true })
}
