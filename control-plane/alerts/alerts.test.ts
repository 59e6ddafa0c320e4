import { beforeEach, expect, test, vi } from 'vitest'
import { freshDatabase } from '../../tests/setup/fresh-database.ts'
import { startTestSmtp, startTestWebhook, withTest } from '../../tests/setup/start-test-receivers.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { openRooms } from '../rooms.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { deliverMessages } from './deliver-messages.ts'
import type { Message } from './message.ts'
import { webhookSignature } from './send-webhook.ts'
import { alertRound } from './watch-alerts.ts'

const db = await freshDatabase()
const publicUrl = 'https://fleet.example'
const rooms = await openRooms(db, { publicUrl })
const { alertDesk, channelDesk } = rooms
const log = { info: () => {}, warn: () => {} }

let clock = Date.now()
const now = () => new Date(clock)
let nodes: NodeBrief[] = []
let streams: StreamView[] = []

const node = (name: string, kind: NodeBrief['kind'] = 'down'): NodeBrief => ({
  ...{ id: name.padEnd(20, 'a'), name, kind, urgency: 2, addresses: [], streams: [] },
  isAlive: kind !== 'down',
})
const fleet = (count: number, kind: NodeBrief['kind']) =>
  Array.from({ length: count }, (_, n) => node(`node-${n}`, kind))

/** As a process that has just begun. */
const newRound = () =>
  alertRound({
    ...rooms,
    publicUrl,
    nodeBriefs: { list: async () => nodes },
    streamViews: { list: async () => streams },
    incidents: { listOpen: async () => [] },
  })
let round = newRound()

/** Looks every five seconds. */
async function pass(seconds: number) {
  for (let passed = 0; passed < seconds; passed += 5) {
    clock += 5000
    await round(now())
  }
}
async function told(): Promise<Message[]> {
  const rows = await db.selectFrom('alert_message').select('content').orderBy('made_at').execute()
  return rows.map(({ content }) => JSON.parse(content))
}
const kinds = async () => (await told()).map(({ type, count }) => `${type} ${count}`)
const theOne = async () => (await alertDesk.board()).open[0] ?? expect.fail()

beforeEach(async () => {
  for (const table of [
    'alert',
    'alert_incident',
    'alert_message',
    'alert_silence',
    'alert_rule',
    'alert_channel',
  ])
    await db.deleteFrom(table as 'alert').execute()
  ;[nodes, streams] = [[], []]
  clock = Date.now()
  round = newRound()
  await channelDesk.addMail('ann@fleet.example')
})

test('thirty nodes that fail together are one incident and one message, and one more when it is over', async () => {
  nodes = fleet(30, 'down')
  await pass(55)
  expect((await alertDesk.board()).open, 'not yet').toEqual([])
  await pass(60)
  expect((await theOne()).alerts).toHaveLength(30)
  nodes = fleet(30, 'well')
  await pass(120)
  expect(await kinds()).toEqual(['incident.opened 30', 'incident.over 30'])
  expect((await told())[0]).toMatchObject({ title: '30 nodes are out of reach', severity: 'bad', open: 30 })
  expect((await told())[1]).toMatchObject({ title: 'Over: 30 nodes are out of reach', open: 0 })
  expect(await alertDesk.board()).toMatchObject({ open: [], ended: [{ alerts: { length: 30 } }] })
})

test('nodes that follow one by one join it, and are told once more when they have become many', async () => {
  nodes = [node('node-0')]
  await pass(80)
  for (let count = 2; count <= 12; count += 1) {
    nodes = fleet(count, 'down')
    await pass(10)
  }
  await pass(120)
  expect(await kinds()).toEqual(['incident.opened 1', 'incident.grown 12'])
  expect((await alertDesk.board()).open).toHaveLength(1)
})

test('a stream that is lost with its node is told with it', async () => {
  nodes = [node('depot')]
  const of = { name: 'harbour', title: 'The harbour', description: '', open: false, state: 'lost' } as const
  streams = [{ ...of, node: { id: node('depot').id, name: 'depot' } }]
  await pass(120)
  expect((await told()).map(({ title }) => title)).toEqual(['depot is out of reach, harbour was lost'])
  expect((await alertDesk.board()).open).toHaveLength(1)
})

test('a process that takes over goes on with what is known, and tells nothing twice', async () => {
  nodes = fleet(3, 'down')
  await pass(40)
  round = newRound()
  await pass(40)
  expect(await kinds(), 'its time begins anew').toEqual([])
  await pass(60)
  round = newRound()
  await pass(60)
  expect(await kinds()).toEqual(['incident.opened 3'])
})

test('a node in maintenance raises nothing, and what it had raised is over', async () => {
  nodes = [{ ...node('depot'), duty: 'maintenance' }]
  await pass(120)
  expect(await kinds()).toEqual([])
  nodes = [node('depot')]
  await pass(120)
  nodes = [{ ...node('depot'), duty: 'maintenance' }]
  await pass(5)
  expect(await kinds()).toEqual(['incident.opened 1', 'incident.over 1'])
})

test('who has acknowledged an incident is not told that it grows, but that it is over', async () => {
  nodes = [node('node-0')]
  await pass(80)
  await alertDesk.acknowledge((await theOne()).id)
  expect((await theOne()).acknowledged).toMatchObject({ by: 'control-plane' })
  nodes = fleet(20, 'down')
  await pass(700)
  nodes = fleet(20, 'well')
  await pass(120)
  expect(await kinds()).toEqual(['incident.opened 1', 'incident.over 20'])
  const [over] = (await alertDesk.board()).ended
  await expect(alertDesk.acknowledge(over?.id ?? '')).rejects.toThrow('no such open incident')
})

test.each([
  ['everything', { scope: 'all', scopeId: '', hours: 1 }],
  ['its rule', { scope: 'rule', scopeId: 'node-unreachable', hours: 1 }],
  ['its node', { scope: 'node', scopeId: node('depot').id, hours: 1 }],
] as const)('nobody is told while %s is silent; what lasts longer is told then', async (_, order) => {
  await alertDesk.silence({ ...order, reason: 'we know' })
  nodes = [node('depot')]
  await pass(120)
  expect(await kinds()).toEqual([])
  expect(await alertDesk.board()).toMatchObject({ open: [{ isSilenced: true }], silences: [{}] })
  clock += 3_600_000
  await pass(30)
  expect(await kinds()).toEqual(['incident.opened 1'])
  expect((await alertDesk.board()).silences).toEqual([])
})

test('an incident that is silent until it is over ends without a word, and its silence with it', async () => {
  nodes = [node('depot')]
  await pass(80)
  await alertDesk.silence({ scope: 'incident', scopeId: (await theOne()).id, reason: '' })
  nodes = [node('depot', 'well')]
  await pass(120)
  expect(await kinds()).toEqual(['incident.opened 1'])
  expect((await alertDesk.board()).silences).toEqual([])
})

test('a silence can be lifted, once', async () => {
  const { id } = await alertDesk.silence({ scope: 'all', scopeId: '', hours: 8, reason: '' })
  await alertDesk.liftSilence(id)
  await expect(alertDesk.liftSilence(id)).rejects.toThrow('over already')
})

test('an own duration holds from the next look on, a rule that is off ends, and a reset goes back', async () => {
  await alertDesk.saveRule('node-unreachable', { enabled: true, forSeconds: 10 })
  nodes = [node('depot')]
  await pass(20)
  expect((await alertDesk.board()).open).toHaveLength(1)
  await alertDesk.saveRule('node-unreachable', { enabled: false })
  await pass(5)
  expect((await alertDesk.board()).open).toHaveLength(0)
  await alertDesk.resetRule('node-unreachable')
  expect((await alertDesk.listRules())[0]).toEqual({
    ...{ name: 'node-unreachable', isOwn: false },
    inForce: { enabled: true, forSeconds: 60 },
  })
})

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'a threshold beyond its limits',
    () => alertDesk.saveRule('heat', { enabled: true, threshold: 500 }),
    /between 30 and 120 °C/,
  ],
  [
    'a threshold that a rule has not',
    () => alertDesk.saveRule('stream-lost', { enabled: true, threshold: 5 }),
    /no threshold/,
  ],
  ['half a second', () => alertDesk.saveRule('heat', { enabled: true, forSeconds: 0.5 }), /whole seconds/],
  ['a rule that is none', () => alertDesk.saveRule('toString', { enabled: true }), /no rule toString/],
  [
    'a silence of everything for ever',
    () => alertDesk.silence({ scope: 'all', scopeId: '', reason: '' }),
    /ends by the clock/,
  ],
  [
    'a silence of no rule',
    () => alertDesk.silence({ scope: 'rule', scopeId: 'x', hours: 1, reason: '' }),
    /no such rule/,
  ],
  ['no address', () => channelDesk.addMail(' , '), /Name one mail address/],
  ['a wrong address', () => channelDesk.addMail('ann@fleet.example, bob'), /bob is no mail address/],
  ['a webhook that is a file', () => channelDesk.addWebhook('file:///etc/passwd'), /begins with https/],
  [
    'a webhook with a password',
    () => channelDesk.addWebhook('https://a:b@hooks.example/'),
    /No name or password/,
  ],
])('%s is refused', async (_, order, words) => {
  await expect(order()).rejects.toMatchObject({ message: expect.stringMatching(words) })
})

/** Tries to tell, as a process that has just begun, so much later. */
async function deliverAfter(seconds: number, url?: string) {
  clock += 1000 * seconds
  const mailServer = url ? { url, from: 'alerts@fleet.example' } : undefined
  await deliverMessages({ ...rooms, mailServer, log })(now)
}

test('a webhook that fails, then is gone, and then is back gets the same delivery, whichever process tries', async () => {
  const hook = await startTestWebhook([500])
  const { secret } = await channelDesk.addWebhook(hook.url)
  nodes = [node('depot')]
  await pass(80)
  await deliverAfter(0)
  await hook.stop()
  await deliverAfter(10)
  const back = await withTest(startTestWebhook([], hook.port))
  await deliverAfter(5)
  expect(back.knocks, 'it is not hammered').toHaveLength(0)
  await deliverAfter(20)
  await deliverAfter(900)
  const [first, second] = [hook.knocks[0], back.knocks[0]]
  expect([hook.knocks.length, back.knocks.length]).toEqual([1, 1])
  expect(second?.headers['sixcast-delivery']).toBe(first?.headers['sixcast-delivery'])
  expect(second?.body).toBe(first?.body)
  const signature = String(second?.headers['sixcast-signature'])
  const at = new Date(1000 * Number(/t=(\d+)/.exec(signature)?.[1]))
  expect(signature).toBe(webhookSignature(secret, second?.body ?? '', at))
  const incident = await theOne()
  expect(JSON.parse(second?.body ?? '')).toMatchObject({
    ...{ type: 'incident.opened', title: 'depot is out of reach', count: 1 },
    incident: { id: incident.id, url: `${publicUrl}/console/alerts/${incident.id}` },
    alerts: [{ rule: 'node-unreachable', subject: { kind: 'node', name: 'depot' } }],
  })
  const { tellings } = await alertDesk.find(incident.id)
  expect(tellings).toContainEqual(
    expect.objectContaining({
      channel: expect.objectContaining({ kind: 'webhook' }),
      attempts: 3,
      sentAt: expect.any(Date),
    }),
  )
})

test('a mail server that is away gets the beginning and then the end, when it is back', async () => {
  const { port, stop } = await startTestSmtp()
  await stop()
  const url = `smtp://127.0.0.1:${port}`
  nodes = [node('depot')]
  await pass(80)
  await deliverAfter(0, url)
  nodes = [node('depot', 'well')]
  await pass(80)
  expect(await kinds()).toEqual(['incident.opened 1', 'incident.over 1'])
  expect((await channelDesk.listChannels())[0]?.last, 'what waits first').toMatchObject({
    ...{ is: 'waiting', attempts: 1 },
    error: expect.stringContaining('ECONNREFUSED'),
  })
  const smtp = await withTest(startTestSmtp({}, { port }))
  await deliverAfter(600, url)
  const subjects = smtp.letters.map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1])
  expect(subjects).toEqual(['[Sixcast] depot is out of reach', '[Sixcast] Over: depot is out of reach'])
  const [opened, over] = smtp.letters.map(({ text }) => text)
  expect(smtp.letters.map(({ to }) => to)).toEqual([['ann@fleet.example'], ['ann@fleet.example']])
  expect(/^In-Reply-To: (.*)\r$/m.exec(over ?? '')?.[1]).toBe(/^Message-ID: (.*)\r$/m.exec(opened ?? '')?.[1])
  expect((await channelDesk.listChannels())[0]?.last).toMatchObject({ is: 'sent' })
})

test('what is refused is given up at once, what fails after a day, and both are said', async () => {
  const hook = await withTest(startTestWebhook([404]))
  await channelDesk.addWebhook(hook.url)
  nodes = [node('depot')]
  await pass(80)
  await deliverAfter(0)
  const last = async () => (await channelDesk.listChannels()).map((channel) => channel.last?.is)
  expect(await last()).toEqual(['waiting', 'given up'])
  await deliverAfter(25 * 3600)
  expect(await last()).toEqual(['given up', 'given up'])
  expect(hook.knocks).toHaveLength(1)
})

test('one channel that hangs does not keep another', async () => {
  const [first, second] = [await withTest(startTestWebhook([500])), await withTest(startTestWebhook())]
  for (const { url } of [first, second]) await channelDesk.addWebhook(url)
  nodes = [node('depot')]
  await pass(80)
  await deliverAfter(0)
  expect([first.knocks.length, second.knocks.length]).toEqual([1, 1])
})

test('what the end of a process breaks off is told by the next, as if it had not been tried', async () => {
  const hook = await withTest(startTestWebhook(['say nothing']))
  await channelDesk.addWebhook(hook.url)
  nodes = [node('depot')]
  await pass(80)
  const stopping = new AbortController()
  const broken = deliverMessages({ ...rooms, mailServer: undefined, log }, stopping.signal)(now)
  await vi.waitFor(() => expect(hook.knocks).toHaveLength(1))
  stopping.abort()
  await broken
  await deliverAfter(0)
  expect(hook.knocks).toHaveLength(2)
  const [, last] = (await channelDesk.listChannels()).map((channel) => channel.last)
  expect(last).toMatchObject({ is: 'sent', attempts: 1 })
})

test('a test says how it went, and a channel that is removed is told no more', async () => {
  const hook = await withTest(startTestWebhook([200, 403]))
  const { id } = await channelDesk.addWebhook(hook.url)
  expect(await channelDesk.testChannel(id)).toEqual({ is: 'sent', words: 'It answered 200' })
  expect(await channelDesk.testChannel(id)).toEqual({ is: 'refused', words: 'It refused with 403' })
  expect(JSON.parse(hook.knocks[0]?.body ?? '')).toMatchObject({ type: 'test' })
  nodes = [node('depot')]
  await pass(80)
  await channelDesk.removeChannel(id)
  await deliverAfter(0)
  expect(hook.knocks).toHaveLength(2)
  expect((await alertDesk.find((await theOne()).id)).tellings, 'the mail alone').toHaveLength(1)
  await expect(channelDesk.testChannel(id)).rejects.toThrow('no such channel')
})

test('neither secret nor address of a webhook is shown or recorded', async () => {
  const { secret } = await channelDesk.addWebhook('https://hooks.example/services/T0/abc?key=of-theirs')
  const lines = await rooms.audit.read({ deed: 'add alert channel' })
  const text = JSON.stringify([await channelDesk.listChannels(), lines])
  expect(text).toContain('https://hooks.example')
  for (const each of [secret, '/services', 'of-theirs']) expect(text).not.toContain(each)
})

test('deeds are recorded', async () => {
  await alertDesk.saveRule('heat', { enabled: true, threshold: 70 })
  await alertDesk.silence({ scope: 'rule', scopeId: 'heat', hours: 8, reason: 'summer' })
  const { entries } = await rooms.audit.read({ limit: 2 })
  expect(entries).toMatchObject([
    { deed: 'silence alerts', subject: 'rule heat for 8 h: summer' },
    { deed: 'change alert rule', subject: 'heat: {"enabled":true,"threshold":70}' },
  ])
})
