import { operatorAccounts } from '../control-plane/operators/operator-accounts.ts'
import { operatorRepository } from '../control-plane/operators/operator-repository.ts'
import { sleep } from '../shared/runtime/repeat.ts'
import { CLOUD, type LoadedFleet } from './loaded-fleet.ts'
import { markdownTable, showMs } from './markdown-table.ts'
import { median } from './percentiles.ts'

const [CONSOLES, VIEWERS, LOADS] = [3, 1000, 3]
const [OPENING_MS, WATCHED_SECONDS] = [5000, 20]

/** What people's pages take while the whole fleet beats: open consoles, with the overview and the list, and landing pages. */
export async function measurePages(fleet: LoadedFleet, say: (line: string) => void): Promise<void> {
  const cookie = await logIn(fleet)
  const loads = new Map<string, number[]>()
  for (const path of ['/console', '/console/nodes']) {
    loads.set(path, [])
    for (let at = 0; at < LOADS; at += 1) loads.get(path)?.push(await loadMs(path, cookie))
  }
  const closing = new AbortController()
  const open = (path: string, headers: Record<string, string> = {}) =>
    void holdEvents(path, headers, closing.signal)
  for (let at = 0; at < CONSOLES; at += 1)
    open(`/console/events/${at % 2 ? 'nodes' : 'overview'}`, { cookie })
  for (let at = 0; at < VIEWERS; at += 1) {
    open('/events/landing')
    await sleep(OPENING_MS / VIEWERS)
  }
  const { beatMs } = await fleet.tally(WATCHED_SECONDS)
  closing.abort()
  const rows = [
    ...[...loads].map(([path, ms]) => [
      `${path} with ${fleet.size()} nodes, median of ${LOADS}`,
      showMs(median(ms)),
      '≤ 300 ms',
    ]),
    [
      `heartbeat, p50 / p99, while ${CONSOLES} consoles and ${VIEWERS} landing pages are open`,
      `${beatMs.p50.toFixed(1)} / ${beatMs.p99.toFixed(1)} ms`,
      'p99 ≤ 50 ms',
    ],
  ]
  for (const line of markdownTable(['pages', 'measured', 'goal'], rows)) say(line)
}

export async function logIn({ db }: LoadedFleet): Promise<string> {
  const name = 'bench'
  const password = await operatorAccounts({ operators: operatorRepository(db) }).resetPassword(name)
  const answer = await fetch(`${CLOUD}/console/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: CLOUD },
    body: new URLSearchParams({ name, password }),
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  if (answer.status !== 303) throw new Error(`the console lets nobody in: ${answer.status}`)
  return cookie.split(';')[0] ?? ''
}

async function loadMs(path: string, cookie: string): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(CLOUD + path, { headers: { cookie } })
  await answer.text()
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`)
  return performance.now() - startedAt
}

/** Reads what comes and throws it away, as long as it comes. */
async function holdEvents(path: string, headers: Record<string, string>, signal: AbortSignal) {
  try {
    const { body } = await fetch(CLOUD + path, { headers, signal })
    for await (const _ of body ?? []);
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
