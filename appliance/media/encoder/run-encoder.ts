import type { ChildProcess } from 'node:child_process'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { maskSecrets } from '@sixcast/shared/runtime/mask-secrets.ts'
import { superviseProcess } from '@sixcast/shared/runtime/supervise.ts'
import type { SupervisionRules } from '@sixcast/shared/runtime/supervise-state.ts'
import { type Reading, SLOWEST } from '../ladder/shed-state.ts'
import { FIRST_PIPE } from './ffmpeg-arguments.ts'
import { readProgress } from './read-progress.ts'
import { type RunAccount, runAccount } from './run-account.ts'
import type { RunReports } from './run-reports.ts'
import { hasBacklog, type Played, spawnEncoder } from './spawn-encoder.ts'

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
/** So many failures in a row are told to people. */
const A_LOOP = 5
const LINES_SHOWN = 40

/** Keeps one ffmpeg running until it is stopped, and hands what it writes to the run it belongs to. It decides nothing. */
export function runEncoder({ command, stdin, startRun, noted, reports, log, rules = RULES }: Dependencies) {
  let account: RunAccount | undefined
  let child: ChildProcess | undefined
  let played: Played | undefined
  let failure: Failure | undefined

  const supervised = superviseProcess({
    spawn: launch,
    rules,
    askToEnd() {
      played?.leave()
      return played !== undefined
    },
    ended({ ordered, ...end }) {
      failure = ordered ? undefined : end
    },
    report: (error) => log.error('the encoder could not be started', error),
  })

  function launch() {
    tellFailure()
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
        if (at === 0) supervised.progressed()
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

  /** An end counts as a failure only when the encoder is needed again: it also ends when its source has left. */
  function tellFailure() {
    if (!failure || account?.reason()) return
    const said = maskSecrets((account?.lines() ?? []).slice(-5).join(' | '))
    log.warn('encoder failed and is started again', { ...fieldsOf(failure), said })
    noted?.(failureSentence(failure, said), 'encoder')
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
    stop: () => supervised.stop(),
  }
}

type Failure = { code: number | null; signal: string | null; failures: number }

function failureSentence({ code, signal, failures }: Failure, said: string): string {
  const end = signal === null ? `ended with code ${code}` : `was ended by ${signal}`
  const last = said ? ` It said: ${said.slice(0, 500)}` : ''
  if (failures >= A_LOOP) return `Its encoder has failed ${A_LOOP} times in a row and more: it ${end}.${last}`
  return `Its encoder ${end} and was started again, so the stream began a new run.${last}`
}

function fieldsOf({ code, signal, failures }: Failure) {
  return { ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }), failures }
}
