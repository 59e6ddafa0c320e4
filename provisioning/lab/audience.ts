import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from '../launcher/refusal.ts'
import { PORTS } from '../launcher/unit-plan.ts'
import { CHROMIUM } from './chromium.ts'
import { cameraName } from './lab-units.ts'
import type { Answer } from './perform-verb.ts'
import type { Lab } from './start-lab.ts'
import { CLOUD, inPlace, placeOfHost } from './topology.ts'
import type { Verb } from './verbs.ts'
import { eventsOf, nothingSeen, type Viewing, viewingWords, withGlance } from './viewing.ts'

/** A browser that has to start on a busy machine, and a stream that may just begin. */
const FIRST_PICTURE_MS = 60_000
/** So far behind the edge ten seconds are loaded ahead whatever happens. */
const BUFFERED_S = 13

type Viewer = { number: number; name: string; child: ChildProcess; viewing: Viewing; said: string }

/** Those who watch in the background. What they notice is told as it happens. */
export function audience({ node, env, screen }: Lab) {
  const viewers: Viewer[] = []
  let count = 0

  async function watch({ viewer, node: n, buffered }: Extract<Verb, { name: 'watch' }>): Promise<Answer> {
    if (!existsSync(CHROMIUM.executablePath))
      throw new Refusal(
        'A viewer who watches needs Chromium: apt-get install chromium, or run npm test once.',
      )
    const watching = open(viewer, cameraName(n), buffered)
    const since = Date.now()
    while (watching.viewing.firstAt === undefined && watching.child.exitCode === null) {
      if (Date.now() - since > FIRST_PICTURE_MS) break
      await sleep(100)
    }
    if (watching.viewing.firstAt !== undefined) return { said: lineOf(watching), data: dataOf(watching) }
    await dismiss([watching])
    throw new Refusal(`${watching.name} has seen no picture of ${cameraName(n)}. ${watching.said}`.trim())
  }

  function open(place: string, stream: string, buffered: boolean): Viewer {
    count += 1
    const host = place === 'viewer-6' ? `[${CLOUD.ipv6}]` : CLOUD.ipv4
    const page = `http://${host}:${PORTS.controlPlane}/watch/${stream}`
    const options = ['--page', page, ...(buffered ? ['--behind', String(BUFFERED_S)] : [])]
    const [program = '', ...words] = inPlace(place, [
      node,
      `${import.meta.dirname}/watch-as-viewer.ts`,
      ...options,
    ])
    const own = { ...env, HOME: env.TMPDIR ?? '/' } // browsers leave things at home
    const child = spawn(program, words, { env: own, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const name = `${place} #${count} (${buffered ? 'buffered' : 'low latency'})`
    const viewer: Viewer = { number: count, name, child, viewing: nothingSeen, said: '' }
    createInterface({ input: child.stdout }).on('line', (line) => learn(viewer, line))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      viewer.said = text.trim().split('\n').at(-1) ?? ''
    })
    viewers.push(viewer)
    return viewer
  }

  function learn(viewer: Viewer, line: string) {
    const glance = JSON.parse(line)
    for (const words of eventsOf(viewer.viewing, glance, placeOfHost))
      screen.event(`${viewer.name}: ${words}`)
    viewer.viewing = withGlance(viewer.viewing, glance)
  }

  /** All but the last of his processes go with him: a browser is many. */
  async function dismiss(leaving: Viewer[]) {
    for (const viewer of leaving) viewers.splice(viewers.indexOf(viewer), 1)
    await Promise.all(
      leaving.map(async ({ child }) => {
        if (child.exitCode !== null || child.pid === undefined) return
        child.kill('SIGTERM') // he closes his browser
        await once(child, 'close')
      }),
    )
  }

  return {
    watch,
    seen: (): Answer => ({
      said: viewers.map(lineOf).join('\n') || 'Nobody watches.',
      data: viewers.map(dataOf),
    }),
    async leave(number: number | undefined): Promise<Answer> {
      const leaving = viewers.filter((viewer) => number === undefined || viewer.number === number)
      await dismiss(leaving)
      return { said: `${leaving.map(({ name }) => name).join(', ') || 'Nobody who watches'}: gone.` }
    },
  }
}

const lineOf = ({ name, viewing }: Viewer) => `${name} ${viewingWords(viewing, placeOfHost)}.`
/** For programs. */
export type Watcher = Viewing & { number: number; name: string }
const dataOf = ({ number, name, viewing }: Viewer): Watcher => ({ number, name, ...viewing })
