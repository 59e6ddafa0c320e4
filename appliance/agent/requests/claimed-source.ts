import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Agent, buildConnector } from 'undici'
import { agentOver, connectFrom, connectFromAnywhere, type Socket } from './connect-from.ts'

/** Together they stay below what a heartbeat waits. */
const OWN = { timeoutMs: 2500 }
const ANY = { timeoutMs: 5000 }
/** When addresses have just changed the claimed one may lead nowhere any more: the others start so much later, and the first wins. */
const HEAD_START_MS = 300
const UNSURE_FOR_MS = 10_000
/** Who waits for an answer over a way from before has so long for it, and asks anew. */
const LEFT_MS = 1000

export type Sources = {
  claimed: () => string | undefined
  /** Those that could be claimed instead. */
  others?: () => string[]
  /** The installer's choice: it may be a router's. */
  ordered?: string | undefined
  /** Told when one of these connects, and the claimed one does not: a router may have forgotten its prefix. */
  instead?: (address: string) => void
}

/**
 * Connections that leave from the claimed address, so that their mere arrival proves that the node owns it. A node that cannot
 * connect from there must still be heard: it then goes out from another of its addresses, or as the system likes.
 */
export function claimedSource({ claimed, others = () => [], ordered, instead = () => {} }: Sources) {
  let source = claimed()
  let fellBack = false
  let unsureUntil = Number.NEGATIVE_INFINITY
  let agent = openAgent()

  function openAgent(): Agent {
    const local = source
    if (local === undefined) return agentOver((options) => connectFromAnywhere(options, ANY))
    return agentOver(async (options) => {
      const won = await firstToConnect(options, local).catch(() => undefined)
      fellBack = won?.address !== local
      if (won && fellBack) instead(won.address)
      return won?.socket ?? connectFromAnywhere(options, ANY)
    })
  }

  async function firstToConnect(options: buildConnector.Options, local: string): Promise<Attempt> {
    const own = attempt(options, local, local === ordered)
    const headStart = performance.now() < unsureUntil ? HEAD_START_MS : OWN.timeoutMs
    const inTime = await withinMs(headStart, own)
    return inTime ?? firstOf([own, ...others().map((address) => attempt(options, address))])
  }

  /** A kept connection would go on coming from the old address. */
  function renew(leave: (before: Agent) => Promise<unknown>) {
    void leave(agent)
    source = claimed()
    fellBack = false
    agent = openAgent()
  }

  /** What is under way may finish. */
  const closed = (before: Agent) => before.close()
  /** It may wait in vain. An agent that was closed could not be destroyed any more. */
  const leftAlone = (before: Agent) => sleep(LEFT_MS).then(() => before.destroy())

  return {
    dispatcher() {
      if (claimed() !== source) renew(closed)
      return agent
    },
    /** Gives up connections that do not come from the claimed address, so that the next request tries it again. */
    retry() {
      if (fellBack) renew(closed)
    },
    /** Addresses have come or gone: a kept connection may lead nowhere, though its own address is still there. */
    addressesChanged() {
      unsureUntil = performance.now() + UNSURE_FOR_MS
      renew(leftAlone)
    },
    close: () => agent.destroy(),
  }
}

type Attempt = { address: string; socket: Socket }

const attempt = async (
  options: buildConnector.Options,
  address: string,
  orRouters = false,
): Promise<Attempt> => ({
  address,
  socket: await connectFrom(options, address, { ...OWN, orRouters }),
})

/** Those that connect after it are hung up. */
async function firstOf(attempts: Promise<Attempt>[]): Promise<Attempt> {
  const won = await Promise.any(attempts)
  for (const each of attempts) each.then((late) => late !== won && late.socket.destroy()).catch(() => {})
  return won
}

/** Absent when it fails, or takes longer. */
async function withinMs<Value>(ms: number, promise: Promise<Value>): Promise<Value | undefined> {
  const settled = new AbortController()
  let value: Value | undefined
  void promise
    .then(
      (kept) => (value = kept),
      () => {},
    )
    .then(() => settled.abort())
  await sleep(ms, settled.signal)
  return value
}
