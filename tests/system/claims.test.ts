import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { NODE_COMPILE_CACHE } from '../setup/compile-cache.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { collect, type Fleet, startFleet } from './start-test-fleet.ts'

const CLOUD = 'http://127.0.0.1:9090'
const checkout = resolve(import.meta.dirname, '../..')

let fleet: Fleet
let browser: Browser

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'], { env: { HEARTBEAT_SECONDS: '1', LEASE_SECONDS: '5' } })
  browser = await startTestBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fleet?.remove()
})

/** The agent of a box that is not in the fleet yet, and has what the installer put on it. */
function startAgent(box: string, claimFile: string) {
  mkdirSync(join(box, 'state'))
  const agent = spawn(process.execPath, [join(checkout, 'appliance/agent/main.ts')], {
    env: {
      NODE_COMPILE_CACHE,
      STATE_DIRECTORY: join(box, 'state'),
      RUNTIME_DIRECTORY: join(box, 'run'),
      CLAIM_FILE: claimFile,
      CLAIMED_ADDRESS: '127.0.0.7',
      NODE_NAME: 'attic',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(async () => {
    agent.kill('SIGKILL')
    if (agent.exitCode === null && agent.signalCode === null) await once(agent, 'close')
    rmSync(box, { recursive: true, force: true })
  })
  return collect(agent)
}

test('a claim made in the console enrols a new node with the file that it offers, end to end', async () => {
  const { password } = await fleet.operate('password')
  const page = await (await browser.newContext({ acceptDownloads: true })).newPage()
  await page.goto(`${CLOUD}/console`)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('link', { name: 'Add a node' }).click()
  const list = await page.context().newPage()
  await page.getByRole('button', { name: 'Make a claim' }).click()
  await page.getByRole('img', { name: 'The claim as a QR code' }).locator('svg').waitFor()
  await list.goto(`${CLOUD}/console/claims`)
  const claim = list.getByRole('row').filter({ hasText: 'by admin' })
  await claim.getByText(/^open for/).waitFor()

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download sixcast-claim.txt' }).click()
  const box = mkdtempSync(join(tmpdir(), 'sixcast-box-'))
  const file = join(box, 'sixcast-claim.txt')
  const download = await downloading
  expect(download.suggestedFilename()).toBe('sixcast-claim.txt')
  expect(download.url(), 'the secret stands in no address').toBe(`${CLOUD}/console/claims/file`)
  await download.saveAs(file)

  await startAgent(box, file).says(/the claim has been used and is erased/)
  expect(existsSync(file)).toBe(false)
  await claim.getByText('used by attic').waitFor()
  await claim.getByRole('link', { name: 'attic' }).click()
  await list.getByRole('heading', { name: 'attic' }).waitFor()
  await list.goto(`${CLOUD}/console/nodes`)
  const node = list.getByRole('row').filter({ hasText: 'attic' })
  await node.getByText(/^alive/).waitFor()
}, 60_000)
