import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { repeat } from './repeat.ts'
import {
  nextSupervised,
  type SupervisedEvent,
  type SupervisedState,
  type SupervisionRules,
} from './supervise-state.ts'

export type Supervised = ReturnType<typeof superviseProcess>

type Dependencies = {
  /** Starts the process. With `detached: true` it leads its own group, and the whole group is signalled. */
  spawn: () => ChildProcess
  rules: SupervisionRules
  /** Asks the process to end by something better than SIGTERM; false if there is nothing. */
  askToEnd?: () => boolean
  /** Told of each end: code or signal, and whether it was ordered. */
  ended?: (end: {
    code: number | null
    signal: NodeJS.Signals | null
    ordered: boolean
    failures: number
  }) => void
  report: (error: unknown) => void
  tickMs?: number
  /** Milliseconds of a clock that nobody sets: the wall clock leaps when a node learns the time. */
  now?: () => number
}

/** Holds one process to what was ordered. It decides nothing: supervise-state.ts does. */
export function superviseProcess({
  spawn,
  rules,
  askToEnd,
  ended,
  report,
  tickMs = 250,
  now = () => performance.now(),
}: Dependencies) {
  const ticking = new AbortController()
  let state: SupervisedState = { name: 'stopped' }
  let wanted = false
  let child: ChildProcess | undefined

  function handle(event: SupervisedEvent) {
    const [next, action] = nextSupervised(state, event, { wanted, now: now(), rules })
    state = next
    if (action === 'spawn') launch()
    if (action === 'terminate' && !askToEnd?.()) signalGroup(child, 'SIGTERM')
    if (action === 'kill') signalGroup(child, 'SIGKILL')
  }

  function launch() {
    const launched = attempt()
    if (!launched) return handle('exited')
    child = launched
    launched.once('error', report)
    // What the leader leaves behind (nginx workers) would hold its ports, and its pipes, so that `close` never came.
    launched.once('exit', () => signalGroup(launched, 'SIGKILL'))
    launched.once('close', (code, signal) => {
      const ordered = !wanted
      handle('exited')
      ended?.({ code, signal, ordered, failures: 'failures' in state ? state.failures : 0 })
    })
  }

  /** A machine that is out of memory or processes throws here instead of telling the child's listeners. */
  function attempt(): ChildProcess | undefined {
    try {
      return spawn()
    } catch (error) {
      report(error)
      return undefined
    }
  }

  function order(running: boolean) {
    wanted = running
    handle('tick')
  }

  void repeat(tickMs, async () => handle('tick'), ticking.signal, report)

  return {
    order,
    progressed: () => handle('progress'),
    state: () => state,
    pid: () => (state.name === 'running' || state.name === 'stopping' ? child?.pid : undefined),
    /** Resolves once the process is gone. */
    async stop() {
      order(false)
      if (child && state.name === 'stopping') await once(child, 'close')
      ticking.abort()
    },
  }
}

function signalGroup(child: ChildProcess | undefined, signal: NodeJS.Signals) {
  if (!child?.pid) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    child.kill(signal) // not a group leader, or the group is gone already
  }
}
