import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat, sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { Controls } from './ask-controls.ts'
import { guardFalls } from './guard-falls.ts'
import type { IncidentRepository } from './incident-repository.ts'
import { type LookDependencies, lookAtNode } from './look-at-node.ts'
import { keyOf, type Watched } from './standing-repository.ts'
import { watchClosely } from './watch-closely.ts'

const TICK_MS = 1000
/** A dead node takes three seconds. */
const MOST_AT_ONCE = 2000
/** Whoever probes has nodes that beat to answer as well: of more than five thousand each is asked less often, of ten thousand every 20 s. */
const MOST_A_ROUND = 500
/** A node that claims another address with each beat lets no more looks than these hang; what it claims then waits for one to end. */
const MOST_OF_ONE = 3
/** In this share of a round all are asked that are due in it, evenly: between two of them there is time for whoever beats. */
const ASKED_WITHIN = 0.8

type Dependencies = Omit<LookDependencies, 'guard' | 'close' | 'isStill' | 'now'> & {
  incidents: IncidentRepository
  /** Who outside the fleet is asked whether this machine reaches anybody. */
  seesOut?: Controls | undefined
  /** Whether this process is the one that probes. */
  isOurTurn?: () => boolean
  log: Pick<Log, 'info' | 'warn'>
  report: (error: unknown) => void
  now?: () => Date
}

/** Keeps asking from outside whether viewers could reach each living node. What follows from the answers, standing.ts decides. */
export function startProber(dependencies: Dependencies) {
  const {
    standings,
    incidents,
    seesOut,
    isOurTurn = () => true,
    log,
    report,
    now = () => new Date(),
  } = dependencies
  const stopping = new AbortController()
  const guard = guardFalls({ standings, incidents, seesOut, log })
  /** The newest look at each node, over each family. */
  const underWay = new Map<
    string,
    Pick<Watched, 'nodeId' | 'which' | 'address'> & { asking: Promise<void> }
  >()
  /** Each with whom it looks at. */
  const unfinished = new Map<Promise<void>, string>()
  const close = watchClosely({ standings, lookOnce, signal: stopping.signal, now })
  const isStill = (node: Watched) => underWay.get(keyOf(node))?.address === node.address
  const look = lookAtNode({ ...dependencies, guard, close, isStill, now })
  /** Since the round began: what was listed of them is older than what is known by now. */
  const looked = new Set<string>()
  let roundAt = performance.now()

  async function lookAtDue() {
    roundAt = performance.now()
    looked.clear()
    const most = Math.min(MOST_A_ROUND, MOST_AT_ONCE - unfinished.size)
    if (!isOurTurn()) return
    const due = most > 0 ? await standings.listDue(now(), { most, besides: [...underWay.values()] }) : []
    for await (const node of spreadOut(due, roundAt, stopping.signal))
      if (!looked.has(keyOf(node))) void lookOnce(node)
    await guard.review(now())
  }

  /** A node is asked once at a time, however many reasons there are. One that has moved does not wait for what hangs at its old address. */
  function lookOnce(node: Watched): Promise<void> {
    const { nodeId, which, address } = node
    const key = keyOf(node)
    const asked = underWay.get(key)
    if (asked && (asked.address === address || countOf(key) >= MOST_OF_ONE)) return asked.asking
    const asking = Promise.resolve()
      .then(() => look(node))
      .catch(report)
      .finally(() => {
        unfinished.delete(asking)
        if (underWay.get(key)?.asking !== asking) return
        underWay.delete(key)
        looked.add(key)
      })
    underWay.set(key, { nodeId, which, address, asking })
    unfinished.set(asking, key)
    return asking
  }

  const countOf = (key: string) => [...unfinished.values()].filter((each) => each === key).length

  const restOfRound = () => Math.max(0, roundAt + TICK_MS - performance.now())
  const ended = repeat(restOfRound, lookAtDue, stopping.signal, report)

  /** Whoever has the turn looks at it next. */
  const inOurTurn = (task: (nodeId: string) => Promise<void>) => async (nodeId: string) =>
    isOurTurn() ? await task(nodeId) : void (await standings.makeDue(nodeId, now()))

  return {
    /** Asks this node now: it has just come, moved, or seems to be gone. */
    probeNow: inOurTurn(async (nodeId) => {
      await Promise.all((await standings.findEach(nodeId, now())).map(lookOnce))
    }),
    /** Viewers have lost this node: it is looked at until it is found or has fallen. */
    watchClosely: inOurTurn(close.begin),
    async stop() {
      stopping.abort()
      await ended
      await Promise.all(unfinished.keys())
    },
  }
}

/** Each when its part of the round has come; those that are due in the same moment need no timer each. */
async function* spreadOut<Item>(items: Item[], roundAt: number, signal: AbortSignal) {
  for (const [at, item] of items.entries()) {
    const ms = roundAt + (ASKED_WITHIN * TICK_MS * at) / items.length - performance.now()
    if (ms >= 1) await sleep(ms, signal)
    if (signal.aborted) return
    yield item
  }
}
