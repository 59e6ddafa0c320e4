import type { ChildProcess } from 'node:child_process'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { superviseProcess } from '@sixcast/shared/runtime/supervise.ts'
import type { SupervisionRules } from '@sixcast/shared/runtime/supervise-state.ts'
import { type Reading, SLOWEST } from '../ladder/shed-state.ts'
import { FIRST_PIPE } from './ffmpeg-arguments.ts'
import { readProgress } from './read-progress.ts'
import { type RunAccount, runAccount } from './run-account.ts'
import type { RunReports } from './run-reports.ts'
import { hasBacklog, type Played, spawnEncoder } from './spawn-encoder.ts'
import { tellOfEnds } from './tell-of-ends.ts'

/**
 * What one start of the encoder is told, and where it writes to: one reader per pipe, in their order. The first one's bytes
 * are a sign of life. Behind them all comes the pipe of its progress.
 */
export type RunSinks = {
  args: string[]
  readers: ((chunk: Buffer) => void)[]
  played?: Played | undefined
  finish: (code?: number | null) => void
}

export type EncoderOrder = {
  /** Told of each run. */
  reports: Pick<RunReports, 'keep' | 'ended'>
  /** What the process is told beside its arguments, which everybody on the machine can read. */
  stdin?: string | undefined
  /** Called for every start of the process. */
  startRun: () => RunSinks
  /** Told in words for people what is wrong. */
  noted?: (sentence: string, matter?: string) => void
}

type Dependencies = EncoderOrder & {
  /** What the arguments are given to. */
  command: string[]
  log: Log
  rules?: SupervisionRules
}

export type Encoder = ReturnType<typeof runEncoder>

const RULES: SupervisionRules = {
  // What fails again and again is tried twice a minute: often enough for who mends it, too rarely to harm who does not.
  backoff: { firstMs: 250, longestMs: 30_000 },
  // The first fragment waits for the source's next key frame, which may be ten seconds away.
  startMs: 20_000,
  stallMs: 5000,
  killAfterMs: 1000,
  steadyMs: 30_000,
}
const LINES_SHOWN = 40

/** Keeps one ffmpeg running until it is stopped, and hands what it writes to the run it belongs to. It decides nothing. */
export function runEncoder({ command, stdin, startRun, noted, reports, log, rules = RULES }: Dependencies) {
  let account: RunAccount | undefined
  let child: ChildProcess | undefined
  let played: Played | undefined
  const ends = tellOfEnds({ rules, noted, log })

  const supervised = superviseProcess({
    spawn: launch,
    rules,
    askToEnd() {
      account?.because(ends.asked())
      played?.leave()
      return played !== undefined
    },
    ended: ends.ended,
    report: (error) => log.error('the encoder could not be started', error),
  })

  function launch() {
    ends.startsAgain({ reason: account?.reason(), lines: account?.lines() ?? [] })
    played?.leave() // its process may never have come to be
    const { args, readers, finish, ...sinks } = startRun()
    const run = runAccount([...command, ...args], { handedMs: sinks.played?.handedMs })
    account = run
    reports.keep(run.report)
    played = sinks.played
    const launched = spawnEncoder([...command, ...args], readers.length + 1, played ?? stdin)
    child = launched
    const pipes = [...readers, readProgress(run.progressed)]
    launched.stderr?.on('data', run.hear)
    launched.stdio.slice(FIRST_PIPE).forEach((pipe, at) => {
      pipe?.on('data', (chunk: Buffer) => {
        if (at === 0) {
          supervised.progressed()
          ends.showed()
        }
        attempt(() => pipes[at]?.(chunk))
      })
    })
    launched.once('close', (code, signal) => {
      run.ended(code, signal)
      reports.ended()
      attempt(() => finish(code))
    })
    return launched
  }

  /** What cannot be read or kept (a broken box, a full memory disk) ends the run, not the process. */
  function attempt(task: () => void) {
    try {
      task()
    } catch (error) {
      log.error('what the encoder wrote is lost', error)
      restart('what it wrote could not be kept')
    }
  }

  /** Begins a new run: the present one cannot go on. */
  function restart(reason: string) {
    account?.because(reason)
    child?.kill('SIGKILL')
  }

  /** How the present run fares; undefined until that can be told. To look for a backlog costs a millisecond: only of one that is slow. */
  function reading(): Reading | undefined {
    const speed = account?.speed()
    if (speed === undefined || !child || supervised.pid() === undefined) return undefined
    return { speed, backlog: speed < SLOWEST && (account?.lagsBehind() || hasBacklog(child)) }
  }

  supervised.order(true)
  return {
    restart,
    reading,
    lastLines: () => (account?.lines() ?? []).slice(-LINES_SHOWN),
    speed: () => account?.speed(),
    state: () => supervised.state(),
    stop() {
      ends.ordered()
      return supervised.stop()
    },
  }
}
