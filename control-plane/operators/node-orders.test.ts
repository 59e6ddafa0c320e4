import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'
import { actingAs } from '../audit/actor.ts'
import { readCommandLine } from './command-line.ts'
import { runOperatorCommand } from './operator-commands.ts'

const { rooms, enrolledNode } = await startTestControlPlane()

const say = (...args: string[]) =>
  actingAs({ who: 'ann', source: 'terminal' }, async () => {
    const line = readCommandLine(args)
    return line === 'help' ? '' : (await runOperatorCommand(line, rooms)).sentence
  })

test('a node is configured, shown and rolled back from the terminal', async () => {
  const { id } = await enrolledNode()
  expect(await say('node', 'configuration', id)).toBe('Nobody has asked anything of this node yet.')
  expect(
    await say('node', 'configure', id, 'mostViewers=50', 'maintenanceWindows=sun 02:00 60 Europe/Berlin'),
  ).toBe(
    `${id}: version 1, mostViewers: not set → 50; maintenanceWindows: not set → sun 02:00 60 Europe/Berlin`,
  )
  expect(await say('node', 'configure', id, 'mostViewers=')).toBe(
    `${id}: version 2, mostViewers: 50 → not set`,
  )
  expect(await say('node', 'rollback', id, '1')).toBe(
    'Version 3 wants what version 1 did: mostViewers: not set → 50.',
  )
  const shown = await say('node', 'configuration', id)
  expect(shown).toMatch(/^Version 3, of which the node has not spoken yet:\n {2}mostViewers +50\n/)
  expect(shown).toMatch(/\n3 {2}\S+ {2}ann {2}not heard {2}mostViewers: not set → 50\n2 /)
})

test('all nodes are configured at once', async () => {
  const { id } = await enrolledNode()
  expect(await say('node', 'configure', 'all', 'mostStreams=3')).toContain(
    `${id}: version 1, mostStreams: not set → 3`,
  )
})

test.each([
  [['colour=red'], /colour=red sets nothing: write NAME=VALUE, with one of release, /],
  [['mostViewers'], /mostViewers sets nothing/],
  [['mostViewers=many'], /mostViewers must be a number/],
  [['maintenanceWindows=sunday'], /maintenanceWindows\.0/],
  [[], /takes ID and NAME=VALUE/],
])('%j is refused, and the field is named', async (changes, sentence) => {
  const { id } = await enrolledNode()
  await expect(async () => say('node', 'configure', id, ...changes)).rejects.toThrow(sentence)
})

test('a command is waited for, and its outcome told', async () => {
  const { id } = await enrolledNode()
  expect(await say('node', 'command', id, 'drain')).toMatch(/^done: No new viewers are sent to it\. /)
  await expect(say('node', 'command', id, 'restart', 'house')).rejects.toThrow(/rtmp, nginx, media or agent/)
})

test('the record is listed and checked', async () => {
  await say('stream', 'add', 'studio')
  expect(await say('audit', 'list')).toMatch(/ {2}ann +terminal +add stream +stream studio +done$/m)
  expect(await say('audit', 'check')).toMatch(
    /^All \d+ lines are as they were written\. The last one is \d+, its hash \S{43}:/,
  )
})
