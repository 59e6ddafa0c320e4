import { formatClaim } from '@sixcast/shared/contract/claim.ts'
import { beforeEach, expect, test } from 'vitest'
import { startTestConsole, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})

const claim = formatClaim({
  ...{ url: 'https://fleet.example', fleetKey: 'A'.repeat(43), secret: 's'.repeat(32) },
})

test('a claim is shown once, as text and as a picture, with the file that a node takes', async () => {
  const text = await (await fleet.post('/console/claims', { hours: '168' })).text()
  expect(text).toContain('<code>sixcast-claim-1.abc</code>')
  expect(text).toMatch(/aria-label="The claim as a QR code"><svg/)
  expect(text).toMatch(/action="\/console\/claims\/file">[\s\S]*name="claim" value="sixcast-claim-1\.abc"/)
  expect(text, 'in no address').not.toMatch(/(href|action)="[^"]*sixcast-claim-1/)
})

test('the file holds the claim and nothing else, and is kept in no cache', async () => {
  const file = await fleet.post('/console/claims/file', { claim })
  expect(await file.text()).toBe(`${claim}\n`)
  expect(Object.fromEntries(file.headers)).toMatchObject({
    'content-disposition': 'attachment; filename="sixcast-claim.txt"',
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
})

test.each(['', 'sixcast-claim-1.', '<script>alert(1)</script>', 'x'.repeat(5000)])(
  'no file is made of %j',
  async (typed) => {
    expect((await fleet.post('/console/claims/file', { claim: typed })).status).toBe(400)
  },
)

test('the list says which claim waits until when, and which node came in by one, and keeps itself fresh', async () => {
  for (const path of ['/console/claims', '/console/events/claims']) {
    const body = (await fleet.get(path)).body?.pipeThrough(new TextDecoderStream()).getReader()
    const text = (await body?.read())?.value
    expect(text).toContain('One waits for its node.')
    expect(text).toMatch(
      /abcdef012345<\/a>[\s\S]*open <span class="quiet">for <time[^>]*>1 h<\/time> more[\s\S]*by ann</,
    )
    expect(text).toMatch(/used by <a href="\/console\/nodes\/depot2345depot2345de">depot</)
    await body?.cancel()
  }
})

test('a claim that waits is taken back where it is looked at, one that was used is not', async () => {
  expect(await fleet.page('/console/claims/abcdef012345')).toContain('Revoke abcdef012345')
  const revoked = await fleet.post('/console/claims/abcdef012345/revoke', {})
  expect([revoked.headers.get('location'), fleet.done]).toEqual([
    '/console/claims',
    [['revoke claim', 'abcdef012345']],
  ])
  expect(await fleet.page('/console/claims/012345abcdef')).not.toContain('Revoke')
  expect((await fleet.post('/console/claims/012345abcdef/revoke', {})).status).toBe(404)
  expect((await fleet.get('/console/claims/nosuch')).status).toBe(404)
})

test.each([
  ['installer', true, true],
  ['operator', true, false],
  ['support', false, false],
] as const)('of %s: makes claims %s, and has a tab for them %s', async (role, makes, hasTab) => {
  const text = await startTestConsole(role).page('/console/claims')
  expect(text.includes('Make a claim')).toBe(makes)
  expect(text.includes('aria-current="page">Claims')).toBe(hasTab)
  expect(text.includes('aria-current="page">Nodes')).toBe(!hasTab)
})
