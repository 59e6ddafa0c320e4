import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusedStart } from '../../tests/setup/refused-start.ts'
import { readAgentConfig } from './agent-config.ts'

const env = { STATE_DIRECTORY: '/nowhere/state', RUNTIME_DIRECTORY: '/nowhere/run' }

test.each([
  ['depot-7', 'depot-7'],
  ['my box\n', 'my-box-'],
  ['\u001b[2Jbox', '-[2Jbox'],
  ['x'.repeat(120), 'x'.repeat(100)],
  ['', 'node'],
])('a machine that calls itself %j is the node %j', (host, name) => {
  expect(readAgentConfig(env, host).nodeName).toBe(name)
})

test('a name that the installer has chosen is taken as it is, or refused in a sentence', () => {
  expect(readAgentConfig({ ...env, NODE_NAME: ' Depot 7 ' }, 'host').nodeName).toBe('Depot 7')
  for (const name of ['two\nlines', '\u001b[2J', 'x'.repeat(101)])
    expect(() => readAgentConfig({ ...env, NODE_NAME: name })).toThrow(
      /^A setting is wrong: NODE_NAME: [^\n]+\.$/,
    )
})

test('a wrong setting is named by the process in one line without a stack', async () => {
  const { code, stderr, lines } = await refusedStart(join(import.meta.dirname, 'main.ts'), {
    ...env,
    RTMP_PORT: 'abc',
  })
  expect([code, stderr]).toEqual([1, ''])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'error',
      unit: 'agent',
      event: 'the agent cannot start',
      cause: 'A setting is wrong: RTMP_PORT must be a number.',
    },
  ])
}, 30_000)
