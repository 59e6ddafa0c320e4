import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export type Fleet = Awaited<ReturnType<typeof startFleet>>

const checkout = resolve(import.meta.dirname, '../..')

/** Starts a whole fleet as `npm start` does and waits for its closing table. */
export async function startFleet(
  options: string[] = [],
  { state = mkdtempSync(join(tmpdir(), 'sixcast-')), env = {} } = {},
) {
  const launcher = launch(['--state', state, ...options], env)
  await launcher.says(/Press Ctrl-C/, 90_000)
  return {
    ...launcher,
    state,
    /** The process that leads a unit now, as the launcher supervises it. */
    pid(unit: string): number {
      const pid = units(state)[unit]
      if (!pid) throw new Error(`${unit} does not run`) // a signal to 0 would go to ourselves
      return pid
    },
    units: () => Object.keys(units(state)),
    log: (unit: string) => readFileSync(join(state, 'logs', `${unit}.log`), 'utf8'),
    /** One of the operator's commands (`npm run stream -- …`), with its one JSON answer. */
    async operate(...command: string[]) {
      const options = [...command, '--state', state, '--json']
      const { code, text } = await run(process.execPath, ['provisioning/operate.ts', ...options])
      if (code !== 0) throw new Error(`${command.join(' ')}: ${text}`)
      return JSON.parse(text)
    },
    /** Takes everything down, and the state with it. */
    async remove() {
      await launcher.stop()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** The launcher itself, for tests of how it starts, refuses and stops. Measuring encoders would only slow tests down. */
export function launch(options: string[], env: Record<string, string> = {}, from = checkout) {
  const child = spawn(process.execPath, ['provisioning/launcher/main.ts', ...options], {
    cwd: from,
    env: { MEASURE_ENCODERS: 'false', ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = collect(child)
  return {
    child,
    output: said.text,
    says: said.says,
    /** Exit code after an orderly stop. */
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill(signal)
      const [code] = await once(child, 'close')
      return code as number | null
    },
    exited: async () =>
      child.exitCode !== null ? child.exitCode : ((await once(child, 'close'))[0] as number | null),
  }
}

/** Runs a program to its end. */
export async function run(program: string, options: string[], env: Record<string, string> = {}) {
  const child = spawn(program, options, {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = collect(child)
  const [code] = await once(child, 'close')
  return { code: code as number | null, text: said.text() }
}

/** What a child writes, and a wait for some of it. */
export function collect(child: ChildProcess) {
  let text = ''
  const heard = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data) => {
      text += data
      for (const look of heard) look()
    })
  return {
    text: () => text,
    says: (pattern: RegExp, withinMs = 30_000) =>
      new Promise<void>((resolve, reject) => {
        const settle = (outcome: () => void) => {
          clearTimeout(timer)
          heard.delete(look)
          child.off('close', ended)
          outcome()
        }
        const look = () => pattern.test(text) && settle(resolve)
        const ended = () => settle(() => reject(new Error(`ended without saying ${pattern}:\n${text}`)))
        const timer = setTimeout(
          () => settle(() => reject(new Error(`did not say ${pattern} within ${withinMs} ms:\n${text}`))),
          withinMs,
        )
        heard.add(look)
        child.once('close', ended)
        look()
      }),
  }
}

function units(state: string): Record<string, number> {
  return JSON.parse(readFileSync(join(state, 'units.json'), 'utf8'))
}
