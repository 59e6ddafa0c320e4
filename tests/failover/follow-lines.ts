import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestLab } from '../setup/start-test-lab.ts'
import { CLOUD, STREAM } from './ask-lab.ts'

/** Asks where the stream is, and which ways lead to it, about ten times a second. */
export const followLocations = (lab: Pick<TestLab, 'inside'>) =>
  followLines(lab, 'viewer-6', [
    'sh',
    '-c',
    `while :; do curl -s -m 2 '${CLOUD}/streams/${STREAM}'; echo; curl -s -m 2 '${CLOUD}/play/${STREAM}'; sleep 0.1; done`,
  ])

/** Hears of the addresses of a node when its kernel does. */
export const followAddresses = (lab: Pick<TestLab, 'inside'>, n: number) =>
  followLines(lab, `node-${n}`, ['ip', '-6', 'monitor', 'address'])

/** What a program at a place says, each line with the moment when it came. */
function followLines(lab: Pick<TestLab, 'inside'>, place: string, command: string[]) {
  const [program = '', ...words] = lab.inside(place, command)
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const lines: { at: number; line: string }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push({ at: Date.now(), line }))
  return {
    /** When it first said such a thing, after a moment. */
    firstAt: (is: (line: string) => boolean, since: number) =>
      lines.find(({ at, line }) => at >= since && is(line))?.at,
    stop() {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    },
  }
}
