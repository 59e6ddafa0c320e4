import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { readCommandLine } from './command-line.ts'
import { runOperatorCommand } from './operator-commands.ts'

const { rooms, enrolledNode, db } = await startTestControlPlane()

async function say(...args: string[]): Promise<string> {
  const line = readCommandLine(args)
  return line === 'help' ? '' : (await runOperatorCommand(line, rooms)).sentence
}

test('the list of nodes speaks of them as the console does', async () => {
  const list = () => say('node', 'list')
  const node = await enrolledNode()
  expect(await list()).toBe(`${node.id}  box  not heard yet`)
  await node.beat()
  expect(await list()).toBe(`${node.id}  box  alive  127.0.0.1`)
  await node.beat({ leaving: true })
  expect(await list()).toBe(`${node.id}  box  silent  127.0.0.1`)
  await say('node', 'revoke', node.id)
  expect(await list()).toMatch(/ {2}retired/)
})

test('a node is told to drain, to be worked on and to serve, and the list says so', async () => {
  const node = await enrolledNode()
  await node.beat()
  const stateOf = async () =>
    (await say('node', 'list'))
      .split('\n')
      .find((line) => line.startsWith(node.id))
      ?.split(/ {2,}/)[2]
  expect(await say('node', 'drain', node.id)).toMatch(/^No new viewer .* without a break\.$/)
  expect(await stateOf()).toBe('alive, draining')
  expect(await say('node', 'maintain', node.id)).toMatch(/nobody is alarmed/)
  expect(await stateOf()).toBe('alive, maintenance')
  await say('node', 'serve', node.id)
  expect(await stateOf()).toBe('alive')
  await expect(say('node', 'drain', 'x')).rejects.toThrow(/^There is no node x/)
})

test('a verdict is told in the terminal as it stands', async () => {
  const node = await enrolledNode()
  expect(await say('node', 'verdict', node.id)).toMatch(/not known yet .* box\.\n\n {2}waiting {2}address /)
  await expect(say('node', 'verdict', 'x')).rejects.toThrow(
    'There is no node x. npm run node -- list shows all.',
  )
})

test('of a node that does not run it is said what it was, and when', async () => {
  const list = async () => (await say('node', 'list')).split('\n').find((line) => line.startsWith(node.id))
  const node = await enrolledNode()
  await node.beat()
  const fact = { nodeId: node.id, family: 4, address: '127.0.0.1', reachable: true, at: new Date() } as const
  await rooms.reachability.recordFact(fact)
  expect(await list()).toMatch(/ {2}IPv4 reachable$/)
  await node.beat({ leaving: true })
  expect(await list()).toMatch(/ {2}IPv4 was reachable \d+ s ago$/)
  await say('node', 'revoke', node.id)
  expect(await list()).toMatch(/ {2}IPv4 was reachable \d+ s ago$/)
})

test('a name from elsewhere cannot steer the terminal', async () => {
  const node = await enrolledNode()
  await db.updateTable('node').set({ name: '\u001b[2Jfake\n' }).where('id', '=', node.id).execute()
  expect(await say('node', 'list')).toContain(`${node.id}  \\u001b[2Jfake\\u000a  not heard yet`)
})

test('lists stand in columns', async () => {
  await say('stream', 'add', 'UPPER')
  await say('stream', 'add', 'a', '--open')
  await say('stream', 'describe', 'a', '--title', 'Alpha', '--shown', 'unlisted', '--place', '3')
  expect(await rooms.streamViews.find('a')).toMatchObject({ title: 'Alpha', shown: 'unlisted', place: 3 })
  await expect(say('stream', 'describe', 'a')).rejects.toThrow('Nothing was said')
  expect(await say('stream', 'list')).toBe('UPPER  never  keys: none\na      never  open')
})

test('a title that is too long is said so, not cut off', async () => {
  await expect(say('stream', 'add', 'epic', '--title', 'x'.repeat(201))).rejects.toThrow(/^title: /)
  expect(await rooms.streams.find('epic')).toBeUndefined()
})

test('what comes next can be pasted as it stands, for the fleet that was asked', async () => {
  expect(await say('stream', 'add', 'studio')).toMatch(/\nnpm run stream -- key studio$/)
  expect(await say('stream', 'add', 'hall', '--state', '/my data')).toMatch(
    /-- key hall --state '\/my data'$/,
  )
  const [, takeBack = ''] = (await say('stream', 'key', 'studio')).match(/\nnpm run (.*)$/) ?? []
  expect(await say(...takeBack.replace('-- ', '').split(' '))).toMatch(
    /is revoked\. .*no longer begin to publish studio\..* now goes on until it stops\.$/,
  )
})

test.each([
  [['stream', 'key', 'nope'], 'There is no stream nope. npm run stream -- list shows all.'],
  [
    ['stream', 'revoke', 'nope', '12345678'],
    'The stream nope has no key 12345678, or not any more. npm run stream -- list shows all.',
  ],
  [
    ['claim', 'revoke', 'x'],
    'There is no claim x that could still be used. npm run claim -- list shows all.',
  ],
  [['stream', 'mirrors', 'nope'], 'There is no stream nope. npm run stream -- list shows all.'],
  [['stream', 'mirrors', 'nope', '--rule'], 'There is no stream nope. npm run stream -- list shows all.'],
  [['node', 'revoke', 'x'], 'There is no node x, or it is revoked already. npm run node -- list shows all.'],
])('%j says what is not there, and where to look', async (args, sentence) => {
  await expect(say(...args)).rejects.toThrow(sentence)
})

test('claims are listed with what became of them, and taken back', async () => {
  await enrolledNode()
  expect(await say('claim', 'list')).toMatch(/^[0-9a-f]{12} {2}used +by [a-z2-7]{20}$/m)
  await say('claim')
  const [, id = ''] = (await say('claim', 'list')).match(/^(\w+) {2}open +until \w+day/m) ?? []
  expect(await say('claim', 'revoke', id)).toBe(`The claim ${id} enrols nobody any more.`)
  expect(await say('claim', 'list')).toMatch(new RegExp(`^${id}  revoked$`, 'm'))
})

test('a claim says until when, by the clock on the wall', async () => {
  const said = await say('claim', '--hours', '2')
  expect(said).toMatch(/until \w+day,? \d{1,2} \w+ 20\d\d(,| at) \d\d:\d\d \S+\. It is not shown again\.$/)
  await expect(say('claim', '--hours', 'many')).rejects.toThrow('--hours takes a number up to 8760.')
})

test('which nodes have a stream is chosen and shown', async () => {
  const node = await enrolledNode()
  await say('stream', 'add', 'copied')
  const mirrors = (...options: string[]) => say('stream', 'mirrors', 'copied', ...options)
  expect(await mirrors()).toBe(
    'By the fleet’s rule copied is only on the node that it is published to.\nNobody publishes it now.',
  )
  expect(await mirrors('--copies', '3')).toMatch(/^copied is to be on 3 nodes, the one that /)
  expect(await mirrors('--nodes', node.id)).toMatch(/^copied is to be copied by box\./)
  expect(await mirrors('--rule')).toMatch(/^By the fleet’s rule copied is only/)
  await expect(mirrors('--copies', 'many')).rejects.toThrow(/^copies: a whole number/)
  await expect(mirrors('--copies', '2', '--rule')).rejects.toThrow(/^Say one of /)
  await expect(mirrors('--nodes', 'x')).rejects.toThrow(/^nodes\.0: /)
})

test('the fleet has a rule for streams that nobody has chosen for', async () => {
  expect(await say('fleet', 'mirrors')).toMatch(/^A stream is only on the node/)
  expect(await say('fleet', 'mirrors', '--copies', '2')).toMatch(/^Every stream is to be on 2 nodes/)
  expect(await say('fleet', 'mirrors')).toMatch(/on 2 nodes/)
  await expect(say('fleet', 'mirrors', '--copies', '9')).rejects.toThrow(/^copies: 5 are the most$/)
  await say('fleet', 'mirrors', '--copies', '1')
})
