import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBrowser } from '../../tests/setup/start-test-browser.ts'
import { RULE_NAMES, ruleInForce } from '../alerts/alert-rules.ts'
import { look } from '../look/look.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import { NodeQuery } from '../nodes/node-list.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { alertChannelsPage } from './alert-channels-page.ts'
import { alertRulesPage } from './alert-rules-page.ts'
import { alertsPage } from './alerts-page.ts'
import { claimsPage } from './claims-page.ts'
import { consoleAssets } from './console-assets.ts'
import { fakeIncident } from './fake-alerts.ts'
import { briefOf } from './fake-brief.ts'
import { incidentPage } from './incident-page.ts'
import { madeClaimPage } from './made-claim-page.ts'
import { mePage } from './me-page.ts'
import { nodePage } from './node-page.ts'
import { nodesPage } from './nodes-page.ts'
import { overviewPage } from './overview-page.ts'
import { peoplePage } from './people-page.ts'
import { streamPage } from './stream-page.ts'
import { streamsPage } from './streams-page.ts'

const now = new Date()
const operator = { operator: 'admin', role: 'admin', csrfToken: 'csrf', id: 'this' } as const
const node: NodeView = {
  id: 'depot2345depot2345de',
  name: 'depot',
  enrolledAt: now,
  claimed: '2001:4dd0::7',
  alive: { is: true, since: now },
  reachable: [{ family: 6, is: false, since: now, checkedAt: now }],
  streams: ['harbour', 'studio'],
}
const stream: StreamView = {
  name: 'harbour',
  title: 'The harbour',
  description: '',
  open: true,
  state: 'never',
}
const mirrors: StreamMirrors = {
  rule: { copies: 2 },
  holders: [{ node, role: 'origin', state: 'live', since: now, standing: 'healthy' }],
  lacks: ['No second node stands healthy.'],
}
const brief = briefOf(node, now)
const fleet = { nodes: [brief], doubted: [], streams: [stream], incidents: [], told: [] }
const people = (['admin', 'support'] as const).map((role) => ({
  name: role,
  role,
  since: now,
  logins: 1,
  tokens: 0,
}))
const claims = [
  { id: 'a', state: 'used', since: now, createdAt: now, expiresAt: now, nodeId: node.id } as const,
]
const sessions = [{ id: 'this', since: now, seenAt: now, source: '192.0.2.7', browser: 'Firefox on Linux' }]
const tokens = [
  { id: 'a', name: 'backup', scope: 'read', createdAt: now, expiresAt: now, isExpired: false } as const,
]
const shown = {
  query: NodeQuery.parse({}),
  selection: { ids: [node.id], total: 101, page: 2, pages: 3 },
  nodes: [node],
}
const keys = [{ id: '3fa2c1d0', createdAt: now }]

const silence = {
  id: '01234567',
  scope: 'node',
  scopeId: node.id,
  reason: '',
  madeBy: 'ann',
  madeAt: now,
} as const
const board = { open: [fakeIncident], ended: [fakeIncident], silences: [silence], channels: 0 }
const rules = RULE_NAMES.map((name) => ({ name, inForce: ruleInForce(name), isOwn: true }))
const channel = { id: '01234567', kind: 'mail', target: 'a@b.example', madeBy: 'ann', madeAt: now } as const

const app = new Hono()
  .route('/', look.routes)
  .route('/', consoleAssets.routes)
  .get('/overview', (c) => c.html(overviewPage({ ...fleet, deeds: [], happened: [] }, operator, now)))
  .get('/people', (c) => c.html(peoplePage({ people, operator, now })))
  .get('/claims', (c) => c.html(claimsPage(claims, operator, now)))
  .get('/claim', (c) => c.html(madeClaimPage({ claim: 'sixcast-claim-1.abc', expiresAt: now }, operator)))
  .get('/me', (c) => c.html(mePage({ operator, now, sessions, tokens })))
  .get('/nodes', (c) => c.html(nodesPage(shown, operator, now)))
  .get('/node', (c) => c.html(nodePage({ node, incidents: [], told: [], operator, now })))
  .get('/streams', (c) => c.html(streamsPage({ streams: [stream], operator, now })))
  .get('/stream', (c) =>
    c.html(streamPage({ stream, seen: [], keys, mirrors, nodes: [brief], told: [], operator, now })),
  )
  .get('/alerts', (c) => c.html(alertsPage({ board, operator, now })))
  .get('/incident', (c) => c.html(incidentPage({ incident: fakeIncident, tellings: [], operator, now })))
  .get('/rules', (c) => c.html(alertRulesPage({ rules, operator })))
  .get('/channels', (c) =>
    c.html(alertChannelsPage({ channels: [channel], hasMailServer: true, operator, now })),
  )
const server = createServer(getRequestListener(app.fetch))
let browser: Browser

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  browser = await startTestBrowser()
}, 30_000)
afterAll(async () => {
  await browser.close()
  server.close()
  server.closeAllConnections()
})

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

test.each([
  '/overview',
  '/people',
  '/me',
  '/claims',
  '/claim',
  '/nodes',
  '/node',
  '/streams',
  '/stream',
  '/alerts',
  '/incident',
  '/rules',
  '/channels',
])('a finger finds 40 px of everything on %s', async (path) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const page = await context.newPage()
  await page.goto(address() + path)
  await page.evaluate("document.querySelector('[data-adrift]')?.remove()") // nobody sends events here
  expect(await page.evaluate(missed)).toEqual([])
  await context.close()
})

test('the line under the present tab sits on the border of the head', async () => {
  const page = await browser.newPage()
  await page.goto(`${address()}/nodes`)
  const [line, border] = await page.evaluate<[number, number]>(`[
    document.querySelector('.head nav a[aria-current]').getBoundingClientRect().bottom
      - parseFloat(getComputedStyle(document.querySelector('.head nav a[aria-current]'), '::after').bottom),
    document.querySelector('.head').getBoundingClientRect().bottom,
  ]`)
  expect(line).toBe(border)
  await page.close()
})

/** In the browser: what is not met 19 px above, below and beside its middle, as far as the page goes. A row and a label are met for what they stand for. */
const missed = `
  [...document.querySelectorAll('a, button, input, select, textarea')]
    .filter((element) => element.checkVisibility() && !element.matches('.skip, [type=hidden]') && getComputedStyle(element).pointerEvents !== 'none')
    .filter((element) => {
      element.scrollIntoView({ block: 'center' })
      const { left, top, width, height } = element.getBoundingClientRect()
      const [x, y] = [left + width / 2, top + height / 2]
      const area = [element, ...(element.labels ?? []), ...(element.matches('.row') ? [element.closest('tr')] : [])]
      const met = (at) => at && area.some((each) => each.contains(at))
      const edge = Math.min(...area.map((each) => each.getBoundingClientRect().left))
      return [[x - 19, y], [x + 19, y], [x, y - 19], [x, y + 19]]
        .filter(([x]) => !element.matches('.row') || x >= edge)
        .some(([x, y]) => !met(document.elementFromPoint(x, y)))
    })
    .map((element) => element.outerHTML.slice(0, 100))`
