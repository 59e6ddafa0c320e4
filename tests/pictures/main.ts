import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { inOwnNetwork } from '../runner/own-network.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { eventually, expectStatus } from '../system/eventually.ts'
import { startFleet } from '../system/start-test-fleet.ts'

// The pictures of docs/, taken of a fleet that runs: `npm run pictures`.
const CLOUD = 'http://127.0.0.1:9090'
const docs = join(import.meta.dirname, '../../docs')
const SHAPES = {
  desktop: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
} as const

const PICTURE = "[...document.querySelectorAll('main img')].some(({ naturalWidth }) => naturalWidth > 0)"
const PLAYED = "document.querySelector('video')?.currentTime > 3"

// In a network of its own: a fleet that runs beside it is not disturbed.
if (process.argv[2] !== 'inside') {
  const [program = '', ...options] = inOwnNetwork([process.execPath, import.meta.filename, 'inside'])
  process.exit(spawnSync(program, options, { stdio: 'inherit' }).status ?? 1)
}

const fleet = await startFleet(['--nodes', '3'])
const browser = await startTestBrowser()
try {
  const { password } = await fleet.operate('password')
  const playing = `${CLOUD}/streams/demo`
  await eventually(() => expectStatus(playing, 200), 60_000)
  for (const [shape, options] of Object.entries(SHAPES)) {
    const page = await logIn(await (await browser.newContext(options)).newPage(), password)
    for (const [name, path, shown] of await pages(page)) {
      await page.goto(CLOUD + path)
      await shown(page)
      await page.screenshot({ path: join(docs, `${name}${shape === 'phone' ? '-phone' : ''}.png`) })
      process.stdout.write(`${name}, ${shape}\n`)
    }
  }
} finally {
  await browser.close()
  await fleet.remove()
}

/** In the browser. */
function until(condition: string): Shown {
  return (page) =>
    eventually(async () => {
      if (!(await page.evaluate(condition))) throw new Error(`never so: ${condition}`)
    }, 30_000)
}

/** Once the first minute is over there is something to draw. */
function drawn(page: Page) {
  return eventually(async () => {
    await page.reload()
    await page.locator('.chart canvas').first().waitFor({ timeout: 2000 })
  }, 120_000)
}

type Shown = (page: Page) => Promise<unknown>

/** Each when what it is about is there to be seen. */
async function pages(page: Page): Promise<[name: string, path: string, shown: Shown][]> {
  await page.goto(`${CLOUD}/console/nodes`)
  const node = await page.locator('a.row').first().getAttribute('href')
  return [
    ['landing', '/', until(PICTURE)],
    ['watch', '/watch/demo', until(PLAYED)],
    ['console', '/console', (at) => at.getByRole('heading', { name: /All 3 nodes are reachable/ }).waitFor()],
    [
      'console-nodes',
      '/console/nodes',
      (at) =>
        at
          .getByText(/^\d+ %$/)
          .first()
          .waitFor(),
    ],
    [
      'console-node',
      node ?? '',
      (at) =>
        at
          .getByText(/^\d+ %$/)
          .first()
          .waitFor(),
    ],
    ['console-charts', `${node}/charts?range=1h`, drawn],
    ['console-streams', '/console/streams', (at) => at.getByRole('row').nth(1).waitFor()],
    [
      'console-alerts',
      '/console/alerts',
      (at) => at.getByRole('heading', { name: 'Nothing needs you.' }).waitFor(),
    ],
    ['console-alert-rules', '/console/alerts/rules', (at) => at.getByText('Uplink full').waitFor()],
    ['console-viewers', '/console/viewers', (at) => at.getByText('By the way they took').waitFor()],
    ['console-claims', '/console/claims', (at) => at.getByRole('heading', { level: 1 }).waitFor()],
    ['console-people', '/console/people', (at) => at.getByText('Invite somebody').waitFor()],
    ['console-stream', '/console/streams/demo', (at) => at.getByText('On which nodes').waitFor()],
  ]
}

async function logIn(page: Page, password: string): Promise<Page> {
  await page.goto(`${CLOUD}/console`)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: /nodes/ }).first().waitFor()
  return page
}
