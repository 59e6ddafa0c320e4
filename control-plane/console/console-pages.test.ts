import { beforeEach, expect, test } from 'vitest'
import type { NodeView } from '../nodes/node-view.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { ago, node, now, pages, startTestConsole, stream, type TestConsole } from './start-test-console.ts'

let fleet: TestConsole
beforeEach(() => {
  fleet = startTestConsole()
})

test('the first page says how the fleet is, then what is live and who did what', async () => {
  fleet.nodes = [
    { ...node, load: { viewers: 4, bitsPerSecond: 11_200_000 }, budget: { bitsPerSecond: 22_400_000 } },
  ]
  const text = await fleet.page('/console')
  expect(text).toContain('<h1>The one node is reachable. 1 stream is live.</h1>')
  expect(text).toContain('4 viewers take 11 Mbit/s: 50 % of the 22 Mbit/s that its line may send.')
  expect(text).toContain('<title>depot: well</title>')
  expect(text).toMatch(/The fullest lines[\s\S]*depot<.a><.th>[\s\S]*50 %/)
  expect(text).toMatch(/<h2 id="live">Streams[\s\S]*The harbour<.a><.th>[\s\S]*live/)
  expect(text, 'who logged in is no news').not.toContain('Done lately')
})

test('the nodes page shows each node', async () => {
  const text = await fleet.page('/console/nodes')
  expect(text).toContain('<h1>1 node</h1>')
  for (const shown of [
    'depot',
    'alive',
    'IPv6 reachable',
    '2001:4dd0::7',
    'harbour',
    '23 %',
    '25 %',
    '52 °C',
    '1.0',
  ])
    expect(text).toContain(shown)
})

test.each<[string, Partial<NodeView>]>([
  ['silent', { alive: { is: false, since: ago(300) } }],
  ['revoked', { alive: { is: false, since: ago(300) }, revokedAt: ago(200) }],
  ['quarantined', { quarantinedUntil: ago(-600) }],
])('of a %s node it is not said that viewers reach it', async (_, changes) => {
  fleet.nodes = [
    { ...node, ...changes, reachable: [{ family: 6, is: true, since: ago(9000), checkedAt: ago(320) }] },
  ]
  for (const path of ['/console/nodes', '/console/nodes/depot2345depot2345de'])
    expect(await fleet.page(path)).not.toContain('IPv6 reachable')
  expect(await fleet.page('/console/nodes/depot2345depot2345de')).toMatch(
    /class="state off">IPv6 was reachable <span[^>]*><time[^>]*>5 min<.time> ago/,
  )
})

test('how a node stands is shown beside whether it is alive, on both pages', async () => {
  const standings = [
    { family: 6, state: 'unreachable', since: ago(300) },
    { family: 4, state: 'suspect', since: ago(7) },
  ] as const
  fleet.nodes = [{ ...node, standings: [...standings] }]
  for (const path of ['/console/nodes', `/console/nodes/${node.id}`]) {
    const text = await fleet.page(path)
    expect(text).toMatch(/class="state well">alive/)
    expect(text).toMatch(/class="state bad">IPv6 unreachable <span[^>]*><time[^>]*>5 min</)
    expect(text).toMatch(/class="state warn">IPv4 suspect <span[^>]*><time[^>]*>7 s</)
  }
  fleet.nodes = [{ ...node, standings: [...standings], revokedAt: now }]
  expect(await fleet.page('/console/nodes')).not.toContain('suspect')
})

test('a verdict has each step with its word, its cause and what to do, and keeps itself fresh', async () => {
  fleet.nodes = [
    {
      ...node,
      reachable: [
        {
          family: 6,
          is: false,
          since: ago(720),
          checkedAt: ago(4),
          cause: '<i>Silence.',
          remedy: 'Open TCP 8084.',
        },
      ],
      standings: [{ family: 6, state: 'unreachable', since: ago(700) }],
    },
  ]
  for (const path of ['', '/events'].map((at) => `/console${at}/nodes/${node.id}/verdict`)) {
    const body = (await fleet.get(path)).body?.pipeThrough(new TextDecoderStream()).getReader()
    const text = (await body?.read())?.value
    expect(text).toContain('<h1>Viewers outside do not get what they need from depot.</h1>')
    expect(text).toMatch(/Probe over IPv6<\/th>\n.*<span class="state bad">failed .*12 min/)
    expect(text).toContain('&lt;i&gt;Silence.')
    expect(text).toContain('<td data-label="To do">Open TCP 8084.</td>')
    await body?.cancel()
  }
  expect((await fleet.get('/console/nodes/nobody/verdict')).status).toBe(404)
  expect(await fleet.page(`/console/nodes/${node.id}`)).toContain(`href="/console/nodes/${node.id}/verdict"`)
})

test('what a node sends is shown with what it may send, and how many viewers it may have', async () => {
  const load = { viewers: 4, bitsPerSecond: 11_200_000 }
  fleet.nodes = [{ ...node, load, budget: { bitsPerSecond: 18_400_000, viewers: 6 } }]
  const text = () => fleet.page(`/console/nodes/${node.id}`)
  expect(await text()).toMatch(/4 viewers, 11 Mbit\/s .*may send 18 Mbit\/s, 6 viewers/)
  fleet.nodes = [{ ...node, load: { ...load, viewers: 1 } }]
  expect(await text()).toMatch(/1 viewer, 11 Mbit\/s .*no limit is known/)
  fleet.nodes = [node]
  expect(await text()).not.toContain('Sent to viewers')
})

test('a node that somebody works on is marked so, and nothing of it is alarming', async () => {
  const off = { alive: { is: false, since: ago(60) }, duty: { is: 'maintenance', since: ago(600) } } as const
  fleet.nodes = [{ ...node, ...off, standings: [{ family: 6, state: 'offline', since: ago(60) }] }]
  expect(await fleet.page('/console')).toContain('No node serves. 1 node is in maintenance.')
  const text = await fleet.page('/console/nodes')
  expect(text).toMatch(/state off">maintenance/)
  for (const each of [text, await fleet.page('/console')]) expect(each).not.toMatch(/class="(?:state )?bad/)
})

test('that a segment was fetched is a fact of its own', async () => {
  const fetched = {
    family: 6,
    is: true,
    since: ago(90),
    checkedAt: ago(20),
    stream: 'harbour',
    bytes: 9,
    milliseconds: 41,
  } as const
  fleet.nodes = [{ ...node, segments: [fetched] }]
  const text = await fleet.page(`/console/nodes/${node.id}`)
  expect(text).toMatch(
    /Segment over IPv6<\/dt><dd><span class="state well">fetched .*20 s<\/time> ago.*One of harbour, in 41 ms/,
  )
  expect(await fleet.page('/console')).toContain('The one node is reachable.')
})

test('an incident is one sentence above the nodes, on the page that keeps itself fresh', async () => {
  fleet.incidents = [{ kind: 'blind', family: 6, since: ago(30), cause: '<b>no way' }]
  for (const path of ['/console', '/console/events/overview']) {
    const body = (await fleet.get(path)).body?.pipeThrough(new TextDecoderStream()).getReader()
    const text = (await body?.read())?.value
    expect(text).toContain('unable to probe over IPv6 for 30 s (&lt;b&gt;no way)')
    await body?.cancel()
  }
})

test('what players told of the last hour is a sentence on the page of their stream, and of their node', async () => {
  const join = { stream: 'harbour', kind: 'join', bucket: 16, count: 3, total: 2400 } as const
  fleet.told = [
    { ...join, pathway: 'ndepot234-g123456' },
    { ...join, pathway: 'relay', count: 2 },
    { ...join, pathway: 'ndepot234-g123456', stream: 'quay', kind: 'timeout', bucket: 0, count: 1 },
  ]
  expect(await fleet.page(`/console/nodes/${node.id}`)).toMatch(
    /<dt>Viewers<.dt><dd>3 viewers began in the last hour .* A way failed a player once: 1 fell silent\./,
  )
  expect(await fleet.page('/console/streams/harbour')).toMatch(
    /<dt>Viewers<.dt><dd>5 viewers began in the last hour .* No way failed a player\./,
  )
  expect(await startTestConsole().page(`/console/nodes/${node.id}`)).toContain(
    'No player has told anything in the last hour.',
  )
})

test('a node in trouble is named with the cause', async () => {
  fleet.nodes = [
    {
      ...node,
      standings: [{ family: 6, state: 'unreachable', since: ago(700) }],
      reachable: [{ family: 6, is: false, since: ago(720), checkedAt: ago(4), cause: 'It timed out.' }],
    },
  ]
  const text = await fleet.page('/console')
  expect(text).toContain('<h1>1 node needs you. 1 stream is live.</h1>')
  expect(text).toContain('viewers have not reached it for 12 min. It timed out.')
  expect(await fleet.page('/console/nodes')).toContain('<span class="cause">It timed out.</span>')
})

test('what a node measured some time ago is not shown as present', async () => {
  const storage = [{ mount: '/', totalBytes: 100, usedBytes: 61 }]
  const metrics = { ...(node.metrics ?? expect.fail()), storage }
  const path = `/console/nodes/${node.id}`
  fleet.nodes = [{ ...node, metrics, metricsAt: ago(29) }]
  for (const figure of ['23 %', '25 %', '61 %']) expect(await fleet.page(path)).toContain(figure)
  fleet.nodes = [{ ...node, metrics, metricsAt: ago(31) }]
  for (const figure of ['23 %', '25 %', '61 %']) expect(await fleet.page(path)).not.toContain(figure)
  expect(await fleet.page('/console/nodes')).not.toContain('23 %')
})

test('a node in quarantine is marked as one, and what to do stands beside it', async () => {
  fleet.nodes = [{ ...node, quarantinedUntil: ago(-600) }]
  for (const path of ['/console/nodes', `/console/nodes/${node.id}`])
    expect(await fleet.page(path)).toContain('class="state bad">quarantined')
  for (const path of ['/console', `/console/nodes/${node.id}`])
    expect(await fleet.page(path)).toContain('Switch the copy off')
})

test('a silent node is so since it was last heard', async () => {
  fleet.nodes = [{ ...node, alive: { is: false, since: ago(1) }, heardAt: ago(26) }]
  expect(await fleet.page('/console/nodes')).toMatch(/class="state bad">silent <span[^>]*><time[^>]*>26 s</)
})

test.each<[StreamView['state'], RegExp]>([
  ['live', /live <span[^>]*><time[^>]*>3 min</],
  ['waiting', /encoder away <span[^>]*><time[^>]*>12 s</],
  ['lost', /node silent <span[^>]*><time[^>]*>12 s</],
  ['ended', /ended <span[^>]*><time[^>]*>12 s</],
])('a stream that is %s is so since that began', async (state, words) => {
  fleet.streams = [{ ...stream, state, since: ago(180), stateSince: ago(12) }]
  expect(await fleet.page('/console/streams')).toMatch(words)
})

test('what nodes and encoders name themselves cannot become markup', async () => {
  const evil = '<script>alert(1)</script>'
  fleet.nodes = [
    {
      ...node,
      name: evil,
      release: evil,
      reachable: [{ family: 6, is: false, since: now, checkedAt: now, cause: evil }],
    },
  ]
  fleet.streams = [{ ...stream, title: evil, node: { id: node.id, name: evil } }]
  for (const path of pages) expect(await fleet.page(path), path).not.toContain('<script>alert')
})

test('an open console is sent what has changed', async () => {
  const response = await fleet.get('/console/events/overview')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain('The one node is reachable.')
  fleet.nodes = [{ ...node, alive: { is: false, since: ago(30) } }]
  expect((await reader?.read())?.value).toContain('1 node needs you.')
  await reader?.cancel()
})

test('a stream page shows who has it in which role, and says why a wished copy is not there', async () => {
  const holder = { node: { id: node.id, name: 'depot' }, since: ago(90), standing: 'healthy' } as const
  fleet.mirrors = {
    choice: { copies: 3 },
    rule: { copies: 1 },
    holders: [
      { ...holder, role: 'origin', state: 'live' },
      { ...holder, node: { id: 'a'.repeat(20), name: 'attic' }, role: 'mirror', state: 'ordered' },
    ],
    lacks: ['No third node stands healthy.'],
  }
  const text = await fleet.page('/console/streams/harbour')
  expect(text).toContain('harbour is to be on 3 nodes, the one that it is published to counted.')
  expect(text).toMatch(/depot<.a><.th>\s*<td[^>]*>origin<.td>\s*<td[^>]*><span class="state well">live/)
  expect(text).toMatch(
    /attic<.a><.th>\s*<td[^>]*>mirror<.td>\s*<td[^>]*><span class="state off">told to copy </,
  )
  expect(text).toContain('No third node stands healthy.')
  expect(text).toMatch(/value="copies" checked[\s\S]*<option value="3" selected>/)
})
