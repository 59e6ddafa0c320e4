import { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { expect, test } from 'vitest'
import { startTestControlPlane, type TestNode } from '../../tests/setup/start-test-control-plane.ts'

const { url, viewerUrl, db, rooms, lines, enrolledNode } = await startTestControlPlane()
const password = await rooms.accounts.resetPassword('admin')
const { token } = (await rooms.accounts.login('admin', password)) ?? expect.fail()

const path = (id: string) => `/v1/nodes/${id}/verdict-link`
const secretOf = (link: VerdictLink) => new URL(link.url).pathname
const codeOf = async (response: Response) => [response.status, (await response.json()).code]

async function linkOf(node: TestNode) {
  const response = await node.post(path(node.id), {})
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return VerdictLink.parse(await response.json())
}
const asOperator = (id: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(url + path(id), { method: 'POST', headers: { cookie: `sixcast=${token}`, ...headers }, body: '{}' })

test('a node makes a link at which anybody who has it reads its verdict, and which nobody else is handed', async () => {
  const node = await enrolledNode()
  await node.beat()
  const link = await linkOf(node)
  expect(link.url).toMatch(/^http:..127.0.0.1:9090.verdict.[\w-]{32}$/)
  for (const at of [url, viewerUrl]) {
    const response = await fetch(at + secretOf(link))
    expect(response.status).toBe(200)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('x-robots-tag')).toContain('noindex')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const text = await response.text()
    expect(text).toContain('It is not known yet whether viewers outside reach box.')
    expect(text).toMatch(/http-equiv="refresh" content="3"/)
  }
  expect(lines.join('')).not.toContain(secretOf(link).slice(9))
})

test('the page stays as it is once every step is decided', async () => {
  const node = await enrolledNode()
  await node.beat()
  const fact = { nodeId: node.id, family: 4, address: '127.0.0.1', reachable: true, at: new Date() } as const
  await rooms.reachability.recordFact(fact)
  const result = { is: 'measured', bitsPerSecond: 20e6, bytes: 1, milliseconds: 1 } as const
  await rooms.lines.recordFact({ ...fact, result })
  const text = await (await fetch(url + secretOf(await linkOf(node)))).text()
  expect(text).toContain('Viewers outside reach box.')
  expect(text).toContain('20 Mbit/s: about 6 viewers at 720p.')
  expect(text).not.toContain('refresh')
})

test('a new link takes the place of the node’s former one, and not of the operator’s', async () => {
  const node = await enrolledNode()
  const [first, theirs] = [await linkOf(node), VerdictLink.parse(await (await asOperator(node.id)).json())]
  const second = await linkOf(node)
  const status = async (link: VerdictLink) => (await fetch(url + secretOf(link))).status
  expect([await status(first), await status(theirs), await status(second)]).toEqual([404, 200, 200])
  await rooms.verdictLinks.revokeLinks(node.id)
  expect([await status(theirs), await status(second)]).toEqual([404, 404])
})

test('a link ends after a day, and nothing is left of it', async () => {
  const node = await enrolledNode()
  const link = await linkOf(node)
  await db
    .updateTable('verdict_link')
    .set({ expires_at: new Date() })
    .where('node_id', '=', node.id)
    .execute()
  expect((await fetch(url + secretOf(link))).status).toBe(404)
  expect(await rooms.links.removeExpired(new Date())).toBeGreaterThan(0)
})

test('a node makes links to itself alone, an operator by no form of another site, a stranger none', async () => {
  const [node, other] = [await enrolledNode(), await enrolledNode()]
  expect(await codeOf(await node.post(path(other.id), {}))).toEqual([404, 'unknown-node'])
  expect(await codeOf(await asOperator(node.id, { 'content-type': 'text/plain' }))).toEqual([
    403,
    'foreign-request',
  ])
  expect(await codeOf(await fetch(url + path(node.id), { method: 'POST', body: '{}' }))).toEqual([
    401,
    'not-logged-in',
  ])
  expect(await codeOf(await asOperator('a'.repeat(20)))).toEqual([404, 'unknown-node'])
})

test('who tries secrets is soon not even listened to', async () => {
  const tried = await Promise.all(
    Array.from({ length: 31 }, (_, at) => fetch(`${url}/verdict/${String(at).padStart(32, 'x')}`)),
  )
  expect(tried.map(({ status }) => status)).toContain(404)
  expect((await fetch(`${url}/verdict/${'y'.repeat(32)}`)).status).toBe(429)
})
