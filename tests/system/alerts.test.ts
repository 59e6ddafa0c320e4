import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { webhookSignature } from '../../control-plane/alerts/send-webhook.ts'
import { startTestBrowser } from '../setup/start-test-browser.ts'
import { startTestSmtp, startTestWebhook } from '../setup/start-test-receivers.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'

const CONSOLE = 'http://127.0.0.1:9090/console'
let fleet: Fleet
let browser: Browser
let smtp: Awaited<ReturnType<typeof startTestSmtp>>
let hook: Awaited<ReturnType<typeof startTestWebhook>>

beforeAll(async () => {
  smtp = await startTestSmtp()
  hook = await startTestWebhook()
  const mail = { SMTP_URL: smtp.url, MAIL_FROM: 'Sixcast <alerts@fleet.example>' }
  const env = { HEARTBEAT_SECONDS: '1', LEASE_SECONDS: '5', ...mail }
  fleet = await startFleet(['--nodes', '2', '--no-demo'], { env })
  browser = await startTestBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fleet?.remove()
  await Promise.all([smtp?.stop(), hook?.stop()])
})

const within = { timeout: 40_000, interval: 200 }

test('a node that dies is told by one mail and one signed webhook, seen to in the console, and told again when it is back', async () => {
  const page = await logIn()
  const secret = await setChannels(page)
  await waitOnlyFor(page, 'Duration of Node out of reach', 2)
  await page.goto(`${CONSOLE}/alerts`)
  await page.getByRole('heading', { name: 'Nothing needs you.' }).waitFor()

  const agent = fleet.pid('node-2-agent')
  process.kill(agent, 'SIGSTOP')
  await page.getByRole('heading', { name: '1 incident is open.' }).waitFor(within)
  await vi.waitFor(() => expect([smtp.letters.length, hook.knocks.length]).toEqual([1, 1]), within)
  expect(smtp.letters[0]).toMatchObject({
    ...{ from: 'alerts@fleet.example', to: ['ann@fleet.example'] },
    text: expect.stringMatching(/^Subject: \[Sixcast\] node-2 is out of reach\r$/m),
  })
  expect(told(secret, 0)).toMatchObject({ type: 'incident.opened', count: 1, severity: 'bad' })

  await page.getByRole('link', { name: 'node-2 is out of reach' }).click()
  await page.getByRole('button', { name: 'I see to it' }).click()
  await page.getByText('admin has been seeing to it').waitFor()
  await page.getByText('told').first().waitFor()

  process.kill(agent, 'SIGCONT')
  await page.getByText(/lasted .* and is over\. admin saw to it/).waitFor(within)
  await vi.waitFor(() => expect([smtp.letters.length, hook.knocks.length]).toEqual([2, 2]), within)
  expect(smtp.letters[1]?.text).toMatch(/^Subject: \[Sixcast\] Over: node-2 is out of reach\r$/m)
  expect(told(secret, 1)).toMatchObject({ type: 'incident.over', open: 0 })
  await page.goto(`${CONSOLE}/alerts`)
  await page.getByRole('heading', { name: 'Nothing needs you.' }).waitFor()
  const { entries } = await fleet.operate('audit', 'list')
  const deeds = entries.map(({ deed }: { deed: string }) => deed)
  for (const deed of ['acknowledge', 'change alert rule', 'test alert channel', 'add alert channel'])
    expect(deeds).toContain(deed)
})

async function logIn(): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  const { password } = await fleet.operate('password')
  await page.goto(CONSOLE)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Both nodes are reachable.' }).waitFor()
  return page
}

/** Mail and webhook, each tested by its button; the secret of the webhook. */
async function setChannels(page: Page): Promise<string> {
  await page.goto(`${CONSOLE}/alerts/channels`)
  await page.getByLabel('Addresses').fill('ann@fleet.example')
  await page.getByRole('button', { name: 'Add the mail' }).click()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('The test was sent. The mail server has taken it.').waitFor()
  await page.getByLabel('Address', { exact: false }).last().fill(hook.url)
  await page.getByRole('button', { name: 'Add the webhook' }).click()
  const secret = (await page.locator('.secret code').textContent()) ?? ''
  await page.getByRole('button', { name: 'Send a test' }).last().click()
  await page.getByText('The test was sent. It answered 200.').waitFor()
  expect(smtp.letters.splice(0)[0]?.text).toMatch(/^Subject: \[Sixcast\] This is a test/m)
  expect(JSON.parse(hook.knocks.splice(0)[0]?.body ?? '')).toMatchObject({ type: 'test' })
  return secret
}

async function waitOnlyFor(page: Page, label: string, seconds: number) {
  await page.goto(`${CONSOLE}/alerts/rules`)
  const duration = page.getByLabel(label)
  await duration.fill(String(seconds))
  await duration.press('Enter')
  await page.getByRole('heading', { name: '1 as you chose' }).waitFor()
}

/** What the webhook was told, once its signature is checked. */
function told(secret: string, at: number): object {
  const { headers, body = '' } = hook.knocks[at] ?? {}
  const signature = String(headers?.['sixcast-signature'])
  const signedAt = new Date(1000 * Number(/t=(\d+)/.exec(signature)?.[1]))
  expect(signature).toBe(webhookSignature(secret, body, signedAt))
  return JSON.parse(body)
}
