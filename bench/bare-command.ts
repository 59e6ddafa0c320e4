import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'

/** An encoder without a node: every pipe that the command names is open to nothing, but for its progress. */
export function startBare(command: string[]) {
  const [program = '', ...args] = command
  const nothing = openSync('/dev/null', 'w')
  const pipes = command.filter((word) => /^pipe:\d+$/.test(word)).length
  const progress = Number(command[command.indexOf('-progress') + 1]?.replace('pipe:', ''))
  const outputs = Array.from({ length: pipes }, (_, at) => (at + 3 === progress ? 'pipe' : nothing))
  const child = spawn(program, args, { stdio: ['ignore', nothing, 'pipe', ...outputs] })
  const closed = once(child, 'close').finally(() => closeSync(nothing))
  let said = ''
  let encodedMicroseconds = 0
  child.stderr?.on('data', (data) => {
    said += data
  })
  child.stdio[progress]?.on('data', (data) => {
    encodedMicroseconds = Number(String(data).match(/out_time_us=(\d+)/)?.[1] ?? encodedMicroseconds)
  })
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended: () => child.exitCode !== null,
    encodedSeconds: () => encodedMicroseconds / 1e6,
    async stop() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
