import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

export type TestLab = Awaited<ReturnType<typeof startTestLab>>

type Answer = { is: 'done' | 'refused' | 'failed'; said: string; data?: unknown }

const checkout = resolve(import.meta.dirname, '../..')

/** Starts a lab as `npm run lab` does, and waits until it is up. Its verbs are those that a person types. */
export async function startTestLab({ nodes = 2, sites = '', env = {} } = {}) {
  const where = sites ? ['--sites', sites] : ['--nodes', String(nodes)]
  const launched = launchLab(['--json', ...where], env)
  const { child, ended } = launched
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const complaints = text(child.stderr)

  async function answer(): Promise<Answer> {
    const { value, done } = await answers.next()
    if (done) throw new Error(`the lab has ended: ${await complaints}`)
    return JSON.parse(value)
  }

  await answer()
  return {
    ...launched,
    /** Does what this line says, one after the other; gives back what the lab has to say of it. */
    async does(verb: string): Promise<Answer> {
      child.stdin.write(`${verb}\n`)
      const outcome = await answer()
      if (outcome.is !== 'done') throw new Error(`${verb}: ${outcome.said}`)
      return outcome
    },
    /** The command that runs a program of the test at a place of the lab. */
    inside: (place: string, command: string[]) => insideWorld(launched.world(), place, command),
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

/** The program itself, for tests of how it ends. It leads a group of processes, as at a terminal. */
export function launchLab(options: string[], env: Record<string, string> = {}) {
  const command = [process.execPath, 'provisioning/lab/cli.ts', ...options]
  const child = spawn('setpriv', ['--pdeathsig=TERM', '--', ...command], {
    cwd: checkout,
    env: { MEASURE_ENCODERS: 'false', ...process.env, ...env },
    detached: true,
    stdio: 'pipe',
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return {
    child,
    ended,
    /** The first process of the lab's world, once there is one. */
    world: () => onlyChild(onlyChild(child.pid)),
  }
}

/** Names of places are known in the lab's world alone, and who is not root must first become its user. */
function insideWorld(world: number | undefined, place: string, command: string[]): string[] {
  const user = (pid: number | 'self') => readlinkSync(`/proc/${pid}/ns/user`)
  const change =
    world && user(world) !== user('self') ? [`--user=/proc/${world}/ns/user`, '--preserve-credentials'] : []
  return ['nsenter', ...change, `--net=/proc/${world}/root/run/netns/${place}`, '--', ...command]
}

function onlyChild(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  return first ? Number(first) : undefined
}
