import { type ChildProcess, spawn } from 'node:child_process'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { superviseProcess } from '@sixcast/shared/runtime/supervise.ts'
import type { SupervisionRules } from '@sixcast/shared/runtime/supervise-state.ts'
import { FIRST_PIPE } from './ffmpeg-arguments.ts'
import { keepLastLines } from './last-lines.ts'

/** Where one start of the encoder writes to: one reader per pipe, in their order. The first one's bytes count as progress. */
export type RunSinks = { readers: ((chunk: Buffer) => void)[]; finish: () => void }

type Dependencies = {
  command: string[]
  /** Called for every start of the process. */
  startRun: () => RunSinks
  log: Log
  rules?: SupervisionRules
}

export type Encoder = ReturnType<typeof runEncoder>

const RULES: SupervisionRules = {
  backoff: { firstMs: 250, longestMs: 10_000 },
  // The first fragment waits for the source's next key frame, which may be ten seconds away.
  startMs: 20_000,
  stallMs: 5000,
  killAfterMs: 1000,
  steadyMs: 30_000,
}

/** Keeps one ffmpeg running until it is stopped, and hands what it writes to the run it belongs to. It decides nothing. */
export function runEncoder({ command, startRun, log, rules = RULES }: Dependencies) {
  let lines = keepLastLines()
  let child: ChildProcess | undefined
  let failure: { code: number | null; signal: string | null; failures: number } | undefined

  const supervised = superviseProcess({
    spawn: launch,
    rules,
    ended: ({ ordered, ...end }) => {
      failure = ordered ? undefined : end
    },
    report: (error) => log.error('the encoder could not be started', error),
  })

  function launch() {
    tellFailure()
    lines = keepLastLines()
    const sinks = startRun()
    const launched = spawnBound(command, sinks.readers.length)
    child = launched
    launched.stderr?.on('data', lines.read)
    launched.stdio.slice(FIRST_PIPE).forEach((pipe, at) => {
      pipe?.on('data', (chunk: Buffer) => {
        if (at === 0) supervised.progressed()
        attempt(() => sinks.readers[at]?.(chunk))
      })
    })
    launched.once('close', () => attempt(sinks.finish))
    return launched
  }

  /** What cannot be read or kept (a broken box, a full memory disk) ends the run, not the process. */
  function attempt(task: () => void) {
    try {
      task()
    } catch (error) {
      log.error('what the encoder wrote is lost', error)
      restart()
    }
  }

  /** An end counts as a failure only when the encoder is needed again: it also ends when its source has left. */
  function tellFailure() {
    if (!failure) return
    const { code, signal, failures } = failure
    log.warn('encoder failed and is started again', {
      ...(code === null ? {} : { code }),
      ...(signal === null ? {} : { signal }),
      failures,
      said: lines.lines().slice(-5).join(' | '),
    })
  }

  /** Begins a new run: the present one cannot go on. */
  function restart() {
    child?.kill('SIGKILL')
  }

  supervised.order(true)
  return {
    restart,
    lastLines: () => lines.lines(),
    state: () => supervised.state(),
    stop: () => supervised.stop(),
  }
}

/** The process dies with us, whatever kills us, and leads its own group. */
function spawnBound(command: string[], pipes: number): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', ...Array<'pipe'>(pipes).fill('pipe')],
    detached: true,
  })
}
