import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandReport, NodeCommand } from '@sixcast/shared/contract/node-command.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { commandFile } from './command-file.ts'
import { type Deed, doCommands } from './do-commands.ts'

const command = (id: string, changes: Partial<NodeCommand> = {}): NodeCommand => ({
  id: id.padEnd(12, '0'),
  name: 'identify',
  timeoutSeconds: 30,
  ...changes,
})

test('a command is acknowledged, done once, and its outcome told, however often it is handed out', async () => {
  const node = newNode()
  node.waiting = [command('a')]
  for (const _ of [1, 2, 3]) await node.beat()
  expect(node.done).toEqual(['a00000000000'])
  expect(node.reports).toEqual([
    ['a00000000000', { state: 'acknowledged' }],
    ['a00000000000', { state: 'done', outcome: 'I was here.' }],
  ])
})

test.each([
  [
    'is not known to this release',
    command('b', { name: 'dance' }),
    { state: 'unsupported', outcome: expect.stringContaining('dance') },
  ],
  ['names what every object has', command('b', { name: 'constructor' }), { state: 'unsupported' }],
  ['fails', command('b', { name: 'fail' }), { state: 'failed', outcome: 'No such luck.' }],
  [
    'never ends',
    command('b', { name: 'hang', timeoutSeconds: 1 }),
    { state: 'failed', outcome: 'It did not end within 1 seconds.' },
  ],
])('a command that %s is said so', async (_, given, outcome) => {
  const node = newNode()
  node.waiting = [given]
  await node.beat()
  await vi.waitFor(() => expect(node.reports.at(-1)?.[1]).toMatchObject(outcome), 5000)
})

test('an outcome that nobody heard is told again', async () => {
  const node = newNode()
  node.waiting = [command('a')]
  node.deaf = true
  await node.beat()
  node.deaf = false
  node.waiting = []
  for (const _ of [1, 2]) await node.beat()
  expect(node.reports.filter(([, { state }]) => state === 'done')).toHaveLength(2)
})

test('a node that was restarted in the middle says so, and does not begin anew', async () => {
  const folder = newFolder()
  const file = commandFile(folder)
  file.keep({ command: command('a'), told: false })
  file.keep({ command: command('b', { name: 'restart', unit: 'agent' }), told: false })
  const node = newNode(folder)
  node.waiting = [command('a')]
  await node.beat()
  expect(node.done).toEqual([])
  expect(node.reports).toEqual([
    ['a00000000000', { state: 'failed', outcome: expect.stringContaining('in the middle of it') }],
    ['b00000000000', { state: 'done', outcome: 'The agent has started anew.' }],
  ])
})

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sixcast-commands-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function newNode(folder = newFolder()) {
  const reports: [string, CommandReport][] = []
  const done: string[] = []
  const deeds: Record<string, Deed> = {
    async identify({ id }) {
      done.push(id)
      return 'I was here.'
    },
    fail: () => Promise.reject(new Error('No such luck.')),
    hang: () => new Promise(() => {}),
  }
  const cloud = { waiting: [] as NodeCommand[], deaf: false }
  const commands = doCommands({
    file: commandFile(folder),
    cloud: {
      fetch: async () => ({ kind: 'accepted', body: { commands: cloud.waiting } }),
      async report(id, told) {
        reports.push([id, told])
        return cloud.deaf ? { kind: 'away', cause: 'deaf' } : { kind: 'accepted', body: {} }
      },
    },
    deeds,
    report: (error) => {
      throw error
    },
    log: createLog('test', () => {}),
  })
  return Object.assign(cloud, {
    reports,
    done,
    async beat() {
      commands.heard(cloud.waiting.length > 0)
      await new Promise((resolve) => setImmediate(resolve))
    },
  })
}
