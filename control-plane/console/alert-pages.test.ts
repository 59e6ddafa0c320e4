import { beforeEach, expect, test } from 'vitest'
import { fakeIncident } from './fake-alerts.ts'
import { ago, node, startTestConsole, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})
const open = (id: string, more: object = {}) => ({ ...fakeIncident, id, ...more })

test.each([
  ['Nothing needs you.', []],
  ['1 incident is open.', [open('a')]],
  ['1 incident is open. Somebody sees to it.', [open('a', { acknowledged: { by: 'ann', at: ago(60) } })]],
  [
    '2 incidents are open. Somebody sees to 1.',
    [open('a'), open('b', { acknowledged: { by: 'ann', at: ago(60) } })],
  ],
  ['1 incident is open. 1 more is silenced.', [open('a'), open('b', { isSilenced: true })]],
  ['Nothing needs you. 2 are silenced.', [open('a', { isSilenced: true }), open('b', { isSilenced: true })]],
])('%s', async (sentence, incidents) => {
  fleet.alerts.open = incidents
  expect(await fleet.page('/console/alerts')).toContain(`<h1>${sentence}</h1>`)
})

test('an open incident stands with what it is about, since when and who sees to it', async () => {
  fleet.alerts.open = [fakeIncident]
  const text = await fleet.page('/console/alerts')
  expect(text).toContain('href="/console/alerts/abcdef012345">depot is out of reach</a>')
  expect(text).toMatch(
    /state bad">urgent<[\s\S]*>5 min<[\s\S]*href="\/console\/nodes\/depot2345depot2345de">depot<[\s\S]*nobody yet/,
  )
  expect(text, 'it is said where that is mended').toMatch(
    /Nobody is told of alerts by mail or webhook yet\. <a href="\/console\/alerts\/channels"/,
  )
})

test('an incident says what it means, and is acknowledged and silenced where it stands', async () => {
  const path = '/console/alerts/abcdef012345'
  const text = await fleet.page(path)
  expect(text).toContain('<h1>depot is out of reach.</h1>')
  expect(text).toContain('See whether it has power and a network')
  expect(text).toContain('It has been silent for 5 min.')
  expect((await fleet.post(`${path}/acknowledge`, {})).headers.get('location')).toBe(path)
  const order = { of: `node ${node.id}`, hours: '8', reason: 'we know' }
  expect((await fleet.post(`${path}/silence`, order)).headers.get('location')).toBe(path)
  await fleet.post(`${path}/silence`, { ...order, of: 'incident abcdef012345', hours: '' })
  expect(fleet.done).toEqual([
    ['acknowledge', 'abcdef012345'],
    ['silence', { scope: 'node', scopeId: node.id, hours: 8, reason: 'we know' }],
    ['silence', { scope: 'incident', scopeId: 'abcdef012345', reason: 'we know' }],
  ])
})

test('what is over cannot be acknowledged, and says how long it lasted', async () => {
  fleet.alerts.ended = [{ ...fakeIncident, endedAt: ago(0) }]
  const text = await fleet.page('/console/alerts/abcdef012345')
  expect(text).toMatch(/lasted 5 min and is over\./)
  expect(text).not.toContain('I see to it')
  expect(await fleet.page('/console/alerts')).toMatch(/Over lately[\s\S]*depot is out of reach[\s\S]*>5 min</)
})

test('everything is silenced for a while, never for ever, and a silence is lifted', async () => {
  await fleet.post('/console/alerts/silences', { of: 'all', hours: '1', reason: '' })
  const refused = await fleet.post('/console/alerts/silences', { of: 'all', hours: '', reason: '' })
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('ends by the clock')])
  const silence = {
    id: '01234567',
    scope: 'all',
    scopeId: '',
    reason: '<b>',
    madeBy: 'ann',
    madeAt: ago(60),
  } as const
  fleet.alerts.silences = [{ ...silence, until: ago(-3600) }]
  expect(await fleet.page('/console/alerts')).toMatch(
    /Everything[\s\S]*&lt;b&gt;[\s\S]*silences\/01234567\/lift/,
  )
  await fleet.post('/console/alerts/silences/01234567/lift', {})
  expect(fleet.done).toEqual([
    ['silence', { scope: 'all', scopeId: '', hours: 1, reason: '' }],
    ['lift', '01234567'],
  ])
})

test('what is silent is called by its name', async () => {
  fleet.alerts.open = [
    {
      ...fakeIncident,
      alerts: fakeIncident.alerts.map((alert) => ({ ...alert, incidentId: fakeIncident.id })),
    },
  ]
  const of = (scope: 'rule' | 'node' | 'incident', scopeId: string) => ({
    id: scope,
    scope,
    scopeId,
    reason: '',
    madeBy: 'ann',
    madeAt: ago(60),
  })
  fleet.alerts.silences = [of('rule', 'heat'), of('node', node.id), of('incident', fakeIncident.id)]
  const text = await fleet.page('/console/alerts')
  expect(text).toContain('Heat, everywhere')
  expect(text).toContain(`Everything of <a href="/console/nodes/${node.id}">depot</a>`)
  expect(text).toMatch(/<th scope="row"><a href="\/console\/alerts\/abcdef012345">depot is out of reach/)
})

test('a rule is changed where it stands, what it cannot be is said there, and it goes back to how it comes', async () => {
  const text = await fleet.page('/console/alerts/rules')
  expect(text).toContain('<h1>All 13 rules are on, 1 as you chose.</h1>')
  expect(text).toContain('Not told yet: certificate that ends soon (nodes have none of their own yet)')
  await fleet.post('/console/alerts/rules/heat', { enabled: 'on', threshold: '70', forSeconds: '5' })
  await fleet.post('/console/alerts/rules/stream-lost', { forSeconds: '5' })
  await fleet.post('/console/alerts/rules/heat/reset', {})
  expect(fleet.done).toEqual([
    ['rule', 'heat', { enabled: true, threshold: 70, forSeconds: 5 }],
    ['rule', 'stream-lost', { enabled: false, forSeconds: 5 }],
    ['reset', 'heat'],
  ])
  const refused = await fleet.post('/console/alerts/rules/heat', { enabled: 'on', threshold: '700' })
  expect(refused.status).toBe(400)
  expect(await refused.text()).toMatch(/role="alert">The threshold of Heat is between 30 and 120 °C\./)
  expect((await fleet.post('/console/alerts/rules/none', { enabled: 'on' })).status).toBe(404)
})

test('a mail is added, a webhook shows its secret once, and a test says how it went', async () => {
  const path = '/console/alerts/channels'
  expect(
    (await fleet.post(`${path}/mail`, { recipients: 'ann@fleet.example' })).headers.get('location'),
  ).toBe(path)
  const made = await (await fleet.post(`${path}/webhook`, { url: 'https://hooks.example/a' })).text()
  expect(made).toContain('the-secret')
  expect(await fleet.page(path)).not.toContain('the-secret')
  const refused = await fleet.post(`${path}/mail`, { recipients: 'ann' })
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringMatching(/ann is no mail address\.[\s\S]*value="ann"/),
  ])
  expect(await (await fleet.post(`${path}/01234567/test`, {})).text()).toContain(
    'role="alert">The test did not arrive. It refused with 403.<',
  )
})

test('what a channel was told last is said, with why it was not', async () => {
  const channel = {
    id: '01234567',
    kind: 'webhook',
    target: 'https://hooks.example',
    madeBy: 'ann',
    madeAt: ago(9000),
  } as const
  fleet.alerts.channels = [
    { ...channel, last: { at: ago(60), is: 'waiting', attempts: 2, error: 'It answered 500' } },
  ]
  expect(await fleet.page('/console/alerts/channels')).toMatch(
    /state warn">waiting[\s\S]*1 min[\s\S]*It answered 500/,
  )
})

test('an operator reads the channels and changes none; support reads', async () => {
  const channels = '/console/alerts/channels'
  const as = (role: 'operator' | 'support' | 'installer') => startTestConsole(role)
  for (const role of ['operator', 'support'] as const) {
    expect(await as(role).page(channels)).not.toMatch(/action="\/console\/alerts\/channels/)
    expect((await as(role).post(`${channels}/mail`, { recipients: 'a@b.example' })).status).toBe(403)
  }
  expect(await as('support').page('/console/alerts/abcdef012345')).not.toContain('I see to it')
  expect(await as('support').page('/console/alerts/rules')).not.toContain(
    'method="post" action="/console/alerts',
  )
  expect((await as('installer').get('/console/alerts')).status).toBe(403)
})

test('the page keeps itself fresh', async () => {
  const body = (await fleet.get('/console/events/alerts')).body
    ?.pipeThrough(new TextDecoderStream())
    .getReader()
  expect((await body?.read())?.value).toContain('Nothing needs you.')
  fleet.alerts.open = [fakeIncident]
  expect((await body?.read())?.value).toContain('1 incident is open.')
  await body?.cancel()
  const one = (await fleet.get('/console/events/alerts/abcdef012345')).body
    ?.pipeThrough(new TextDecoderStream())
    .getReader()
  expect((await one?.read())?.value).toContain('depot is out of reach')
  await one?.cancel()
})
