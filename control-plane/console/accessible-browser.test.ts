import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsOf } from '../../tests/setup/see-violations.ts'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import { look } from '../look/look.ts'
import { ago, node, pages, startTestConsole, stream } from './start-test-console.ts'

let browser: Browser
let server: Server
let url: string
beforeAll(async () => {
  browser = await startTestBrowser()
  const fleet = startTestConsole()
  // Something to look at, and something to do.
  const silent = { ...node, id: 'attic2345attic2345at', name: 'attic', alive: { is: false, since: ago(900) } }
  fleet.nodes = [node, silent]
  fleet.streams = [
    { ...stream, poster: '0123456789abcdef' },
    { ...stream, name: 'studio', title: 'Studio', state: 'waiting' },
  ]
  const app = new Hono().route('/', look.routes).route('/', fleet.app)
  server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 30_000)
afterAll(async () => {
  await browser.close()
  server.close()
  server.closeAllConnections()
})

const LIGHT = { colorScheme: 'light', viewport: { width: 1280, height: 800 } } as const
const DARK = { colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const

/** All share their colours, and both shapes a style sheet: each page is looked at in one of them, neighbours in the other. */
const looks = ['/console/login', ...pages].map((path, at) => ({ path, ...(at % 2 ? DARK : LIGHT) }))

test.each(looks)(
  'axe finds nothing wrong with $path, $colorScheme',
  { timeout: 60_000 },
  async ({ path, ...shape }) => {
    const context = await browser.newContext(shape)
    if (path !== '/console/login') await context.addCookies([{ name: 'sixcast', value: 'token', url }])
    const page = await context.newPage()
    await page.goto(url + path)
    expect(await violationsOf(page)).toEqual([])
    await context.close()
  },
)
