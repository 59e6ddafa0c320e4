import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from './eventually.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'

const CLOUD = 'http://127.0.0.1:9090'
const PROMETHEUS = 'http://127.0.0.1:9095'
const dashboard = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/grafana-dashboard.json'), 'utf8'),
)
type Panel = { title: string; targets: { expr: string }[] }
const panels: Panel[] = dashboard.panels
const isThere = spawnSync('prometheus', ['--version']).status === 0

let fleet: Fleet
const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
const ends: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  fleet = await startFleet(['--nodes', '2'])
  await eventually(() => expectStatus(`${CLOUD}/streams/demo`, 200), 60_000)
  if (!isThere) return
  writeFileSync(join(folder, 'token'), await readToken(), { mode: 0o600 })
  startPrometheus()
  await eventually(async () => {
    const { data } = await ask('/api/v1/targets')
    const states = data.activeTargets.map(({ health }: { health: string }) => health)
    expect(states).toEqual(['up', 'up'])
  }, 30_000)
})
afterAll(async () => {
  for (const end of ends) await end()
  await fleet?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** As an operator makes one, on his own page. */
async function readToken(): Promise<string> {
  const { password } = await fleet.operate('password')
  const post = (path: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(CLOUD + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: CLOUD, accept: 'text/html', ...headers },
      body: new URLSearchParams(values),
    })
  const [cookie = ''] = (await post('/console/login', { name: 'admin', password })).headers.getSetCookie()
  const headers = { cookie: cookie.split(';')[0] ?? '', accept: 'text/html' }
  const [, csrf = ''] =
    /name="csrf" value="([^"]+)"/.exec(await (await fetch(`${CLOUD}/console/me`, { headers })).text()) ?? []
  const made = await post(
    '/console/me/tokens',
    { csrf, name: 'prometheus', scope: 'read', days: '30' },
    headers,
  )
  return /sixcast_[\w-]+/.exec(await made.text())?.[0] ?? ''
}

function startPrometheus() {
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      {
        job_name: 'sixcast',
        authorization: { credentials_file: join(folder, 'token') },
        static_configs: [{ targets: ['127.0.0.1:9090'] }],
      },
      { job_name: 'sixcast-nodes', static_configs: [{ targets: ['127.0.0.1:8083'] }] },
    ],
  }
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config)) // YAML is more than JSON
  const options = [
    '--config.file',
    join(folder, 'prometheus.yml'),
    '--storage.tsdb.path',
    join(folder, 'data'),
  ]
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'prometheus', ...options, '--web.listen-address', '127.0.0.1:9095'],
    {
      stdio: 'ignore',
    },
  )
  ends.push(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
}

async function ask(path: string) {
  const answer = await fetch(PROMETHEUS + path)
  return await answer.json()
}

/** As Grafana fills it in. */
const filledIn = (expr: string) => expr.replaceAll('$node', '.*').replaceAll('$__rate_interval', '10s')

test.runIf(isThere).each(panels)('a real Prometheus has an answer for “$title”', async ({ targets }) => {
  for (const { expr } of targets)
    await eventually(async () => {
      const { status, data } = await ask(`/api/v1/query?${new URLSearchParams({ query: filledIn(expr) })}`)
      expect([status, data?.result?.length > 0]).toEqual(['success', true])
    }, 20_000)
})

test.runIf(isThere)('without a token nobody reads how the fleet does', async () => {
  await expectStatus(`${CLOUD}/metrics`, 401)
})

test('a node dies, and within ten seconds the overview says so in words; it comes back, and that is said too', async () => {
  const browser = await startTestBrowser()
  ends.push(() => browser.close())
  const page = await browser.newPage()
  const { password } = await fleet.operate('password')
  await page.goto(`${CLOUD}/console`)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: /^Both nodes are reachable\./ }).waitFor({ timeout: 30_000 })

  // Whoever would start it anew is asleep meanwhile.
  ends.push(async () => fleet.child.kill('SIGCONT'))
  fleet.child.kill('SIGSTOP')
  const diedAt = Date.now()
  for (const unit of fleet.units().filter((name) => name.startsWith('node-2')))
    process.kill(-fleet.pid(unit), 'SIGKILL')
  await page.getByRole('listitem').filter({ hasText: 'node-2' }).first().waitFor({ timeout: 30_000 })
  const noticedMs = Date.now() - diedAt
  await page.getByRole('heading', { name: /^1 node needs you\./ }).waitFor()
  expect(noticedMs).toBeLessThan(10_000)

  fleet.child.kill('SIGCONT')
  await page.getByRole('heading', { name: /^Both nodes are reachable\./ }).waitFor({ timeout: 45_000 })
})
