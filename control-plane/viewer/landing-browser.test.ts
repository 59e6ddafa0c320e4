import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import { look } from '../look/look.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { viewerRoutes } from './viewer-routes.ts'

test('pictures on the landing page are fetched anew every four seconds', { timeout: 30_000 }, async () => {
  const asked: string[] = []
  const port = await serve(asked)
  const browser = await startTestBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.clock.install({ time: 0 })
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.clock.pauseAt(10_000)
  await page.clock.runFor(14_000)
  await vi.waitFor(() => expect(asked).toEqual(expect.arrayContaining(['3', '4', '5'])))
})

/** The landing page, and the one live stream's picture beside it. */
async function serve(asked: string[]): Promise<number> {
  const app = new Hono().route('/', look.routes).get('/harbour/thumbnail.jpg', (c) => {
    asked.push(c.req.query('at') ?? '')
    return c.body(null, 404)
  })
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stream: StreamView = {
    name: 'harbour',
    title: 'The harbour',
    description: '',
    open: false,
    state: 'live',
    host: `127.0.0.1:${port}`,
  }
  const streamViews = { list: async () => [stream], find: async () => stream }
  app.route('/', viewerRoutes({ streamViews, relayPort: 1, report: () => {}, recognise: () => undefined }))
  return port
}
